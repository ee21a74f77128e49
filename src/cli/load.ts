import { ConvcostError } from '../errors.js';
import { readHead } from '../formats/byte-source.js';
import { foreignFormat } from '../formats/foreign.js';
import { parseInputOverrides } from '../formats/input-overrides.js';
import { refuseLfsPointer } from '../formats/lfs.js';
import type { Network } from '../model/network.js';
import type { Shape } from '../model/shape.js';
import { type BuildOptions, buildNetwork } from '../spec/build.js';
import type { NetworkSpec } from '../spec/layer-spec.js';
import { parseWhole } from '../spec/numbers.js';
import { parseTokens } from '../spec/tokens.js';
import { nearestWord } from '../suggest.js';
import type { Host, OpenFile } from './host.js';
import { type Source, sourceName } from './sources.js';
import { reasonOf } from './system-reason.js';

/** The options that say how sources are read. */
export interface LoadOptions {
  readonly input?: readonly string[];
  readonly batch?: string;
  readonly from?: string;
  readonly loose?: boolean;
}

/** Told now and then how much of a large file is read. */
export type OnProgress = (done: number, total: number) => void;

/** Reads a source, whatever it is, into a network. */
export async function loadNetwork(
  source: Source,
  host: Host,
  options: LoadOptions,
  onProgress?: OnProgress,
): Promise<Network> {
  const name = sourceName(source);
  const model = await openModel(source, host);
  if (model) return readModelFile(model, name, options, onProgress);
  const given: Pick<BuildOptions, 'shape' | 'batch'> = {
    shape: textInput(options.input ?? []),
    batch: batchOf(options),
  };
  const build = (spec: NetworkSpec, format: string): Network =>
    buildNetwork(spec, { name, source: name, format, ...given });
  const fromText = async (text: string, file: string): Promise<Network> => {
    const { spec, format } = await parseText(text, file, options);
    return build(spec, format);
  };
  switch (source.kind) {
    case 'tokens':
      return build(parseTokens(source.text), 'tokens');
    case 'file':
      return fromText(await textOf(await readFile(source.path, host), source.path), source.path);
    case 'stdin': {
      const bytes = await host.readStdin();
      // A model has bytes that no text has, and no text is taken for one.
      const { detectFormat, sourceFromBytes } = await import('../formats/index.js');
      if (!detectFormat(bytes.subarray(0, 4096))) return fromText(await textOf(bytes, '-'), '-');
      return readModelFile({ ...sourceFromBytes(bytes), close: () => {} }, '-', options, onProgress);
    }
    case 'zoo':
      return (await import('../zoo/zoo-name.js')).zooNetwork(source.text, given);
  }
}

/** Of a text, the first input alone is sized from outside; it is called so in every text. */
function textInput(texts: readonly string[]): Shape | undefined {
  const { shape, shapes, dims } = parseInputOverrides(texts);
  for (const word of [...shapes.keys(), ...dims.keys()])
    if (word !== 'input') throw new ConvcostError('no-such-input', { word, known: ['input'] });
  return shapes.get('input') ?? shape;
}

/** Extensions of texts; any other file is looked into, and is a model if it begins like one. */
const isTextName = (path: string): boolean => /\.(ya?ml|json|txt|md)$/i.test(path);

/** A source that is a model file; undefined where it is text. */
async function openModel(source: Source, host: Host): Promise<OpenFile | undefined> {
  if (source.kind === 'file' && !isTextName(source.path)) {
    const file = await openFile(source.path, host);
    const { isModel } = await import('../formats/index.js');
    if (isModel(source.path, readHead(file))) return file;
    file.close();
  }
  return undefined;
}

/** A batch of none would count everything as nothing. */
const batchOf = ({ batch }: LoadOptions): number | undefined =>
  batch === undefined ? undefined : parseWhole(batch, 'Batch', undefined, 1);

async function readModelFile(
  file: OpenFile,
  name: string,
  options: LoadOptions,
  onProgress?: OnProgress,
): Promise<Network> {
  const { readModel } = await import('../formats/index.js');
  const inputs = parseInputOverrides(options.input ?? [], batchOf(options));
  try {
    return await readModel(file, { name, source: name, inputs, onProgress });
  } finally {
    file.close();
  }
}

/**
 * A convolution typed without an input size, as a network of one output position. Undefined where the
 * source says a size, or is not a line of tokens.
 *
 * @throws ConvcostError `channels-not-said` where the convolution says no input channels either
 */
export async function loadPerPosition(source: Source, { input }: LoadOptions): Promise<Network | undefined> {
  if (source.kind !== 'tokens' || input !== undefined) return undefined;
  const spec = parseTokens(source.text);
  const [first] = spec.layers;
  if (spec.input || spec.layers.length !== 1 || first?.kernel === undefined || first.out === undefined)
    return undefined;
  if (first.in === undefined)
    throw new ConvcostError('channels-not-said', { out: first.out }, first.places?.['out']);
  const kernel = typeof first.kernel === 'number' ? [first.kernel, first.kernel] : first.kernel;
  const { dilation: _dilation, stride: _stride, outputPadding: _outputPadding, ...layer } = first;
  const onePosition: NetworkSpec = {
    input: { numbers: [...kernel, first.in] },
    layers: [{ ...layer, kernel, padding: 'valid' }],
  };
  return buildNetwork(onePosition, { name: source.text, source: source.text, format: 'tokens' });
}

/**
 * A text is in a notation that people paste, or a spec file; the latter by its extension, or where it looks
 * like nothing else. YAML and zod are loaded for spec files alone.
 */
async function parseText(
  text: string,
  file: string,
  { from, loose }: LoadOptions,
): Promise<{ readonly spec: NetworkSpec; readonly format: string }> {
  const { detectNotation, parseNotation } = await import('../spec/notations/index.js');
  const found = from ?? (/\.(ya?ml|json)$/i.test(file) ? undefined : detectNotation(text)?.name);
  const isPlainText = /\.(txt|md)$/i.test(file) && !/^layers\s*:/m.test(text);
  if (found !== undefined || isPlainText) {
    return { spec: parseNotation(text, { file, from: found, loose }), format: found ?? 'text' };
  }
  const { parseSpecFile } = await import('../spec/file.js');
  return { spec: parseSpecFile(text, file), format: 'spec' };
}

/** @throws ConvcostError `cannot-read` with the system's reason */
export const readFile = (path: string, host: Host): Promise<Uint8Array> =>
  orCannotRead(path, host, async () => {
    const bytes = await host.readBytes(path);
    refuseLfsPointer(bytes, path);
    return bytes;
  });

const openFile = (path: string, host: Host): Promise<OpenFile> =>
  orCannotRead(path, host, async () => {
    const file = await host.openFile(path);
    try {
      refuseLfsPointer(readHead(file), path);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  });

async function orCannotRead<T>(path: string, host: Host, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ConvcostError) throw error;
    const suggestion = nearestWord(path, await host.listFiles());
    throw new ConvcostError('cannot-read', { path, reason: reasonOf(error), suggestion });
  }
}

/**
 * The text of a file; PowerShell's `>` writes UTF-16.
 *
 * @throws ConvcostError `not-a-model` where it is none: a model in a format that is not read
 */
async function textOf(bytes: Uint8Array, file: string): Promise<string> {
  const encoding = encodingOf(bytes);
  const head = bytes.subarray(0, 4096);
  if (encoding === 'utf-8' && (head.includes(0) || foreignFormat(head))) {
    const { refuseModel } = await import('../formats/index.js');
    return refuseModel(bytes, file);
  }
  return new TextDecoder(encoding).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
