import { countBy, explainConvention } from '../../cost/conventions/apply.js';
import type { Convention } from '../../cost/conventions/convention.js';
import { conventionNamed, conventionNames, conventions, ours } from '../../cost/conventions/index.js';
import { countNetwork, type NetworkCost } from '../../cost/count.js';
import { foldLayers } from '../../cost/fold.js';
import { ConvcostError } from '../../errors.js';
import { escapeControls, inertLines } from '../../report/escape.js';
import type { CostReport } from '../../report/report.js';
import { costTable } from '../../report/views/cost-columns.js';
import {
  type CommonOptions,
  type Context,
  type DefineCommand,
  emit,
  joined,
  loadAll,
  reportCommand,
  sourcesOf,
  wholeOption,
  writeOutput,
} from '../command.js';
import { conventionOption } from '../convention-option.js';
import { type DTypeOptions, dtypeOption, inDType } from '../dtype-option.js';
import { exitCodeForCoverage } from '../exit-code.js';
import { type RewriteOptions, rewrittenBy, withRewriteOptions } from '../rewrite-option.js';
import { readView, selectRows, type TableOptions, withTableOptions } from '../table-options.js';

interface CountOptions extends CommonOptions, TableOptions, RewriteOptions, DTypeOptions {
  readonly depth?: string;
  readonly get?: string;
  readonly strict?: boolean;
  readonly convention: string;
  /** A name where one follows; else whatever stood behind it, or `true`. */
  readonly explainConvention?: string | true;
}

export const countCommand: DefineCommand = context =>
  withRewriteOptions(
    withTableOptions(
      reportCommand('count', 'what does this cost: per layer and in total', 'network'),
      costTable,
    ),
  )
    .option('--depth <n>', 'fold layers by the first n parts of their names: 1 for blocks')
    .option('--get <path>', 'print one number of the totals, for example macs or byFlavor.depthwise', joined)
    .addOption(dtypeOption())
    .addOption(conventionOption())
    .option(
      '--explain-convention [name]',
      'show which terms make the difference to this convention, or to every one',
    )
    .option('--strict', 'exit with 3 if a layer is unknown, so that the total is a lower bound')
    .action(async (args: string[], options: CountOptions) => {
      const { explained, sources } = await splitExplained(args, options, context);
      const counted = (await loadAll(sources, context, options)).map(network =>
        countNetwork(inDType(rewrittenBy(network, options), options)),
      );
      const costs = counted.map(cost => countBy(cost, conventionNamed(options.convention)));
      if (explained)
        await emit({ kind: 'convention', explanations: explain(counted, explained) }, context, options);
      else if (options.get === undefined) await emit(costReport(costs, options), context, options);
      else await writeNumbers(costs, options.get, context, options);
      context.exit(
        exitCodeForCoverage(
          costs.map(({ coverage }) => coverage),
          options.strict === true,
        ),
      );
    });

/**
 * What follows `--explain-convention` is a name only where it is one of a convention: else a source.
 * Without a name it is that of `--convention`; where that is ours, all others are explained.
 *
 * @throws ConvcostError `bad-option` where it is neither
 */
async function splitExplained(
  args: readonly string[],
  { explainConvention: word, convention }: CountOptions,
  context: Context,
): Promise<{ readonly explained?: readonly Convention[]; readonly sources: readonly string[] }> {
  if (word === undefined) return { sources: args };
  const isName = word !== true && conventionNames.includes(word);
  if (word !== true && !isName) {
    await sourcesOf([word], context).catch(() => {
      const expected = `a convention (${conventionNames.join(', ')}) or a source`;
      throw new ConvcostError('bad-option', { option: '--explain-convention', value: word, expected });
    });
  }
  const named = conventionNamed(isName ? word : convention);
  return {
    explained: named === ours ? conventions.filter(each => each !== ours) : [named],
    sources: isName || word === true ? args : [word, ...args],
  };
}

const explain = (costs: readonly NetworkCost[], explained: readonly Convention[]) =>
  costs.flatMap(cost => explained.map(convention => explainConvention(cost, convention)));

function costReport(counted: readonly NetworkCost[], options: CountOptions): CostReport {
  const { depth } = options;
  const costs =
    depth === undefined
      ? counted
      : counted.map(cost => ({ ...cost, layers: foldLayers(cost.layers, wholeOption('--depth', depth, 1)) }));
  const wholes = costs.map(cost => ({ items: cost.layers, whole: cost }));
  const layers = selectRows(wholes, options, costTable, 'macs');
  return {
    kind: 'cost',
    convention: options.convention,
    costs: costs.map((cost, i) => ({ ...cost, layers: layers[i]! })),
    view: readView(options, costTable),
  };
}

/** One number a line; where one is a lower bound, that is said beside it. */
async function writeNumbers(
  costs: readonly NetworkCost[],
  paths: string,
  { host }: Context,
  { output }: CountOptions,
): Promise<void> {
  const numbers = costs.flatMap(cost => paths.split(',').map(path => numberAt(cost, path)));
  const text = numbers.map(number => `${number}\n`).join('');
  if (output === undefined) host.stdout.write(text);
  else await writeOutput(host, output, text);
  for (const { network, coverage } of costs) {
    if (coverage.kind === 'complete') continue;
    const ops = [...new Set(coverage.unknown.map(({ op }) => op))].join(', ');
    const note = escapeControls(`note: ${network.name}: a lower bound, as ${ops} is not counted`);
    host.stderr.write(inertLines(`${note}\n`));
  }
}

/** @throws ConvcostError `unknown-path` */
function numberAt({ totals }: NetworkCost, path: string): number {
  const numbers = new Map(flatten(totals));
  const value = numbers.get(path);
  if (value !== undefined) return value;
  const known = [...numbers.keys()];
  throw new ConvcostError('unknown-path', { word: path, known });
}

/** Every number of an object, by its path. */
const flatten = (value: object, prefix = ''): [string, number][] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    if (typeof inner === 'number') return [[path, inner] as [string, number]];
    return typeof inner === 'object' && inner ? flatten(inner, `${path}.`) : [];
  });
