import { Command, type Command as CommandType, Option } from 'commander';
import { ConvcostError } from '../errors.js';
import type { Network } from '../model/network.js';
import { inertLines } from '../report/escape.js';
import { type FormatName, type Reporter, reporters } from '../report/index.js';
import type { Report } from '../report/report.js';
import type { Style } from '../report/style.js';
import { notationNames } from '../spec/notations/names.js';
import { parseWhole } from '../spec/numbers.js';
import type { ExitCode } from './exit-code.js';
import type { Host } from './host.js';
import { type LoadOptions, loadNetwork } from './load.js';
import type { Progress } from './progress.js';
import { type Source, sortSources } from './sources.js';
import { createStyle } from './style.js';
import { reasonOf } from './system-reason.js';

/** What every command works with. */
export interface Context {
  readonly host: Host;
  readonly style: Style;
  /** Names of all commands, for suggestions. */
  readonly commands: () => readonly string[];
  exit(code: ExitCode): void;
  /** Tells on a terminal how far a long job is. */
  progress(what: string): Progress;
}

/** A command of the CLI: one file each in commands/, listed in run.ts. */
export type DefineCommand = (context: Context) => CommandType;

export interface OutputOptions {
  readonly format: FormatName;
  readonly output?: string;
}

export interface CommonOptions extends LoadOptions, OutputOptions {}

/** A command that reads sources. */
export const sourceCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .argument('[source...]', 'layer tokens, a spec file, a model file, a zoo: name, or - for stdin')
    .option(
      '--input <shape>',
      'input shape, for example 224x224x3; NAME=1x3x224x224 for one of several inputs, N=1 for a symbolic size',
      collect,
    )
    .option('--batch <n>', 'number of images in the batch')
    .option(
      '--from <notation>',
      `notation of a text, where it is not recognised: ${notationNames.join(', ')}`,
    )
    .option('--loose', 'skip what cannot be read in a text; totals become a lower bound');

/** A command that reads sources and writes a report, or with `network` the one network it is about. */
export const reportCommand = (name: string, description: string, writes?: 'network'): Command =>
  outputOptions(sourceCommand(name, description), writes);

/** How and where a report is written. */
export const outputOptions = (command: Command, writes?: 'network'): Command =>
  command.addOption(formatOption(writes)).option('-o, --output <file>', 'write the report to a file');

function formatOption(writes: 'network' | undefined): Option {
  const known = Object.entries<Reporter>(reporters).filter(
    ([, reporter]) => reporter.writes === undefined || reporter.writes === writes,
  );
  return new Option('-f, --format <format>', known.map(([name, { says }]) => `${name} (${says})`).join(', '))
    .choices(known.map(([name]) => name))
    .default('table');
}

/** An option of names joined by commas, which may be repeated. */
export const joined = (value: string, before?: string): string =>
  before === undefined ? value : `${before},${value}`;

/** An option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

export const sourcesOf = (args: readonly string[], { host, commands }: Context): Promise<readonly Source[]> =>
  sortSources(args, host, commands());

/** @throws ConvcostError `option-unused` where no source is a text that `--from` could be about */
export async function loadAll(
  args: readonly string[],
  context: Context,
  options: LoadOptions,
): Promise<readonly Network[]> {
  const sources = await sourcesOf(args, context);
  const networks: Network[] = [];
  const bar = context.progress('reading');
  for (const source of sources) networks.push(await loadNetwork(source, context.host, options, bar.update));
  bar.done();
  const { from } = options;
  if (from !== undefined && !networks.some(({ format }) => format === from))
    throw new ConvcostError('option-unused', { option: '--from', about: 'a text in a file or from stdin' });
  return networks;
}

/** @throws ConvcostError `one-source` */
export async function loadOne(
  args: readonly string[],
  context: Context,
  options: LoadOptions,
  command: string,
): Promise<Network> {
  const [network, ...others] = await loadAll(args, context, options);
  if (others.length > 0) throw new ConvcostError('one-source', { command, count: others.length + 1 });
  return network!;
}

/** Writes a report where it should go. */
export async function emit(
  report: Report,
  { host, style }: Context,
  { format, output }: OutputOptions,
): Promise<void> {
  const toFile = output !== undefined;
  // A file is no terminal, wherever it is asked for.
  const options = toFile ? { style: createStyle(0), width: undefined } : { style, width: host.stdout.width };
  const text = await reporters[format].render(report, options);
  if (toFile) await writeOutput(host, output, text);
  else host.stdout.write(inertLines(text));
}

/**
 * @param ownFolder a folder of the program's own, made where it is not there
 * @throws ConvcostError `cannot-write` with the system's reason
 */
export async function writeOutput(
  host: Host,
  path: string,
  content: string | Uint8Array,
  ownFolder = '',
): Promise<void> {
  try {
    if (ownFolder !== '') await host.makeFolder(ownFolder);
    await host.writeFile(path, content);
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ConvcostError('cannot-write', {
      path,
      reason: isAbsent && path !== '' ? 'there is no such folder' : reasonOf(error),
    });
  }
}

/** A count given as an option. */
export function wholeOption(option: string, value: string, least: 0 | 1): number {
  const count = /^\d+$/.test(value) ? parseWhole(value, option) : Number.NaN;
  if (!(count >= least))
    throw new ConvcostError('bad-option', { option, value, expected: `a whole number of at least ${least}` });
  return count;
}
