import { ConvcostError } from '../errors.js';
import { opNames } from '../spec/ops.js';
import { beginsWithToken, isToken } from '../spec/tokens.js';
import { nearestWord } from '../suggest.js';
import { isZooName } from '../zoo/prefix.js';
import type { Host } from './host.js';

/** One thing that the user named, sorted by how it is read. */
export type Source =
  | { readonly kind: 'tokens'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'zoo'; readonly text: string }
  | { readonly kind: 'stdin' };

const knownExtension = /\.(ya?ml|json|onnx|tflite|keras|h5|pb|txt|md)$/i;

/**
 * Sorts arguments into sources. Words that are tokens are, in their order, together one network; a quoted
 * argument of several words is one of its own.
 *
 * @throws ConvcostError `unknown-source` with the nearest command, layer kind or file
 */
export async function sortSources(
  args: readonly string[],
  host: Host,
  commands: readonly string[],
): Promise<readonly Source[]> {
  const sources: Source[] = [];
  const words: string[] = [];
  let wordsAt: number | undefined;
  for (const arg of args) {
    const source = await sortOne(arg, host);
    if (source) sources.push(source);
    else if (isToken(arg) || words.length > 0) {
      wordsAt ??= sources.length;
      words.push(arg);
    } else if (commands.includes(arg)) {
      throw new ConvcostError('command-not-first', { command: arg });
    } else {
      const known = [...commands, ...opNames, ...(await host.listFiles())];
      throw new ConvcostError('unknown-source', { word: arg, suggestion: nearestWord(arg, known) });
    }
  }
  if (wordsAt !== undefined) sources.splice(wordsAt, 0, { kind: 'tokens', text: words.join(' ') });
  if (sources.length === 0) throw new ConvcostError('no-source', {});
  return sources;
}

async function sortOne(arg: string, host: Host): Promise<Source | undefined> {
  if (arg === '-') return { kind: 'stdin' };
  if (isZooName(arg)) return { kind: 'zoo', text: arg };
  if (/\s/.test(arg.trim()) && beginsWithToken(arg)) return { kind: 'tokens', text: arg };
  if (isToken(arg)) return undefined;
  const isFile = knownExtension.test(arg) || /[/\\]/.test(arg) || (await host.exists(arg));
  return isFile ? { kind: 'file', path: arg } : undefined;
}

/** How a source is called in tables: as it was typed. */
export function sourceName(source: Source): string {
  switch (source.kind) {
    case 'tokens':
    case 'zoo':
      return source.text;
    case 'file':
      return source.path;
    case 'stdin':
      return '-';
  }
}
