import { countNetwork, type NetworkCost } from '../../cost/count.js';
import { foldLayers } from '../../cost/fold.js';
import { ConvcostError } from '../../errors.js';
import type { CostReport } from '../../report/report.js';
import { costTable } from '../../report/views/cost-columns.js';
import { nearestWord } from '../../spec/suggest.js';
import {
  type CommonOptions,
  type DefineCommand,
  emit,
  loadAll,
  sourceCommand,
  wholeOption,
} from '../command.js';
import { exitCodeForCoverage } from '../exit-code.js';
import { readView, selectRows, type TableOptions, withTableOptions } from '../table-options.js';

interface CountOptions extends CommonOptions, TableOptions {
  readonly depth?: string;
  readonly get?: string;
  readonly strict?: boolean;
}

export const countCommand: DefineCommand = context =>
  withTableOptions(sourceCommand('count', 'what does this cost: per layer and in total'), costTable)
    .option('--depth <n>', 'fold layers by the first n parts of their names: 1 for blocks')
    .option('--get <path>', 'print one number of the totals, for example macs or byFlavor.depthwise')
    .option('--strict', 'exit 3 where something is unknown and the total a lower bound')
    .action(async (args: string[], options: CountOptions) => {
      const costs = (await loadAll(args, context, options)).map(countNetwork);
      if (options.get === undefined) await emit(costReport(costs, options), context, options);
      else context.host.stdout.write(costs.map(cost => `${numberAt(cost, options.get!)}\n`).join(''));
      context.exit(
        exitCodeForCoverage(
          costs.map(({ coverage }) => coverage),
          options.strict === true,
        ),
      );
    });

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
    convention: 'convcost',
    costs: costs.map((cost, i) => ({ ...cost, layers: layers[i]! })),
    view: readView(options, costTable),
  };
}

/** @throws ConvcostError `unknown-path` */
function numberAt({ totals }: NetworkCost, path: string): number {
  const numbers = new Map(flatten(totals));
  const value = numbers.get(path);
  if (value !== undefined) return value;
  const known = [...numbers.keys()];
  throw new ConvcostError('unknown-path', { path, known, suggestion: nearestWord(path, known) });
}

/** Every number of an object, by its path. */
const flatten = (value: object, prefix = ''): [string, number][] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const path = `${prefix}${key}`;
    if (typeof inner === 'number') return [[path, inner] as [string, number]];
    return typeof inner === 'object' && inner ? flatten(inner, `${path}.`) : [];
  });
