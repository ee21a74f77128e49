import { Option } from 'commander';
import { formatBaseline, updateBaseline } from '../../budget/baseline.js';
import { type CheckResult, checkBudgets, verdictOf } from '../../budget/check.js';
import { ConvcostError } from '../../errors.js';
import { checkReporterNames } from '../../report/check/index.js';
import type { CheckReport } from '../../report/report.js';
import { type Baselines, resolveBaseline } from '../check/baseline.js';
import { type Config, loadConfig } from '../check/config.js';
import { configPlaces } from '../check/config-places.js';
import { type LimitOptions, limitOptions } from '../check/limit-options.js';
import { configEntries, type Entries, loadEntries, namedEntries } from '../check/models.js';
import { dirname } from '../check/paths.js';
import { chooseReporters, parseReporter, writeReports } from '../check/reporter-option.js';
import {
  type CommonOptions,
  type Context,
  collect,
  type DefineCommand,
  reportCommand,
  sourcesOf,
  writeOutput,
} from '../command.js';
import { exitCodeForVerdict } from '../exit-code.js';
import type { Source } from '../sources.js';

interface CheckOptions extends CommonOptions, LimitOptions {
  readonly config?: string;
  readonly baseline?: string;
  readonly update?: boolean;
  readonly onlyDown?: boolean;
  readonly reporter?: readonly string[];
}

export const checkCommand: DefineCommand = context =>
  reportCommand('check', 'CI gate: holds networks against the budgets of a config, and against a baseline')
    .option(
      '-c, --config <file>',
      `config file (default: the nearest ${configPlaces.slice(1, 3).join(', ')} ...)`,
    )
    .option('--max <limits>', 'limits without a config: macs=600M,params=4.3M', collect)
    .option(
      '--max-increase <limits>',
      'how much each may grow over the baseline: macs=2%,params=100k',
      collect,
    )
    .option('--allow-unknown <ops>', 'ops that may stay uncounted, joined by commas', collect)
    .option('--baseline <what>', 'compare with a file, or with a commit: git:origin/main')
    .option('--update', 'accept the new numbers: write them to the baseline')
    .addOption(
      new Option('--only-down', 'like --update, but keep the old numbers of networks that grew').implies({
        update: true,
      }),
    )
    .option(
      '--reporter <name[=file]>',
      `${checkReporterNames.join(', ')}; to stdout, or to a file; may be repeated`,
      collect,
    )
    .action((args: string[], options: CheckOptions) => check(args, options, context));

async function check(args: readonly string[], options: CheckOptions, context: Context): Promise<void> {
  const { host } = context;
  const reporters = chooseReporters(
    (options.reporter ?? []).map(parseReporter),
    options.output === undefined ? { name: options.format } : { name: options.format, file: options.output },
    host.env,
  );
  const withLimits = limitOptions(options);
  const config = await loadConfig(host, options.config);
  const sources = args.length > 0 ? await sourcesOf(args, context) : [];
  const entries = await entriesOf(config, sources, options, context);
  const baselines = await resolveBaseline({
    host,
    config,
    named: options.baseline,
    entries,
    sources,
    update: options.onlyDown ? 'only-down' : options.update ? 'anew' : 'no',
  });
  const limited = entries.entries.map(entry => ({ ...entry, budgets: withLimits(entry.budgets) }));
  const isWhole = sources.length === 0;
  const result = checkBudgets(await loadEntries(limited, host), {
    ...baselines,
    missed: entries.missed,
    isWhole,
  });
  const report = options.update
    ? await accept(result, baselines, { onlyDown: options.onlyDown === true, isWhole }, context)
    : { result, update: undefined };
  const verdict = verdictOf(report.result);
  const acceptCommand = commandOf(args, options);
  await writeReports({ kind: 'check', verdict, acceptCommand, ...report }, reporters, context);
  context.exit(exitCodeForVerdict[verdict]);
}

/** @throws ConvcostError `no-config` where neither a config nor the command line names a network */
async function entriesOf(
  config: Config | undefined,
  sources: readonly Source[],
  options: CheckOptions,
  { host }: Context,
): Promise<Entries> {
  if (sources.length > 0) return { entries: namedEntries(sources, config, options), missed: [] };
  if (!config) throw new ConvcostError('no-config', { places: configPlaces });
  return configEntries(config, host);
}

/** Writes the baseline anew; what was accepted is then no longer held against the networks. */
async function accept(
  result: CheckResult,
  { baseline, accepted, file }: Baselines,
  how: { readonly onlyDown: boolean; readonly isWhole: boolean },
  { host }: Context,
): Promise<Pick<CheckReport, 'result' | 'update'>> {
  const { models, heldBack } = updateBaseline(baseline?.isCommit ? accepted : baseline, result, how);
  await writeOutput(host, file, formatBaseline(models), dirname(file));
  const isTaken = (key: string) => !heldBack.includes(key);
  return {
    result: {
      ...result,
      models: result.models.map(model =>
        isTaken(model.key)
          ? { ...model, assertions: model.assertions.filter(({ of }) => of !== 'growth') }
          : model,
      ),
    },
    update: { path: file, models: models.size, heldBack },
  };
}

/** The command that accepts: what was asked for, with --update. */
function commandOf(args: readonly string[], { config, baseline, input = [], batch }: CheckOptions): string {
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const words = [
    ...args,
    ...option('--config', config),
    // What a commit has cannot be written: the numbers go into the committed file.
    ...option('--baseline', baseline?.startsWith('git:') ? undefined : baseline),
    ...input.flatMap(shape => option('--input', shape)),
    ...option('--batch', batch),
  ];
  return ['convcost check', ...words.map(quoted), '--update'].join(' ');
}

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
