import { compareSeparable, type NetworkComparison } from '../../cost/compare.js';
import { compareAlgorithms } from '../../cost/compare-algorithms.js';
import { countBy } from '../../cost/conventions/apply.js';
import { conventionNamed } from '../../cost/conventions/index.js';
import { countNetwork, type NetworkCost } from '../../cost/count.js';
import { compareRewrites } from '../../cost/rewrites.js';
import { ConvcostError } from '../../errors.js';
import type { Network } from '../../model/network.js';
import type {
  AlgorithmsReport,
  ComparisonReport,
  Report,
  RewritesReport,
  SideBySideReport,
} from '../../report/report.js';
import { algorithmTable } from '../../report/views/algorithms-columns.js';
import { networkTable, pairTable } from '../../report/views/comparison-columns.js';
import { rewriteTable } from '../../report/views/rewrites-columns.js';
import { rewrites } from '../../rewrite/index.js';
import { parsePlans } from '../../rewrite/parse.js';
import { publishedOf } from '../../zoo/published.js';
import { type CommonOptions, type DefineCommand, emit, joined, loadAll, reportCommand } from '../command.js';
import { conventionOption } from '../convention-option.js';
import { type DTypeOptions, dtypeOption, inDType } from '../dtype-option.js';
import { chooseConvs, chooseLayers } from '../layer-choice.js';
import { rewrittenBy } from '../rewrite-option.js';
import { readView, selectRows, type TableOptions, withTableOptions } from '../table-options.js';

interface CompareOptions extends CommonOptions, TableOptions, DTypeOptions {
  readonly layers?: string;
  readonly rewrite?: string;
  readonly algorithms?: boolean;
  readonly convention: string;
}

export const compareCommand: DefineCommand = context =>
  withTableOptions(
    reportCommand(
      'compare',
      'one source: standard against depthwise + pointwise; several: side by side',
      'network',
    ),
    pairTable,
  )
    .option(
      '--layers <names>',
      'which layers to change: names joined by commas, * for any characters',
      joined,
    )
    .option(
      '--rewrite <names>',
      `a column for each rewrite, joined by commas; steps of one are joined by +: ${Object.keys(rewrites).join(', ')}`,
      joined,
    )
    .option(
      '--algorithms',
      'compare the multiplies of direct, im2col and Winograd convolution with those of separable',
    )
    .addOption(dtypeOption())
    .addOption(conventionOption())
    .action(async (args: string[], options: CompareOptions) => {
      const loaded = await loadAll(args, context, options);
      const networks = loaded.map(network => inDType(network, options));
      await emit(reportOn(networks, options), context, options);
    });

function reportOn(networks: readonly Network[], options: CompareOptions): Report {
  const [network, ...others] = networks;
  const { rewrite, algorithms, layers } = options;
  if (others.length > 0) {
    if (layers !== undefined || rewrite !== undefined || algorithms) {
      throw new ConvcostError('rewrite-one-source', { count: networks.length });
    }
    return sideBySide(networks, options);
  }
  if (algorithms)
    return byAlgorithm(rewrittenBy(network!, { ...(rewrite !== undefined && { rewrite }) }), options);
  return rewrite === undefined ? bothWays(network!, options) : byPlans(network!, rewrite, options);
}

const counter =
  ({ convention }: CompareOptions) =>
  (network: Network): NetworkCost =>
    countBy(countNetwork(network), conventionNamed(convention));

function bothWays(network: Network, options: CompareOptions): ComparisonReport {
  const { convention } = options;
  const comparison = compareBy(compareSeparable(network, chooseConvs(network, options.layers)), convention);
  const rows = [{ items: comparison.layers, whole: undefined }];
  const [layers] = selectRows(rows, options, pairTable, 'standard');
  const view = readView(options, pairTable);
  return { kind: 'comparison', convention, comparison: { ...comparison, layers: layers! }, view };
}

/** Totals as another tool counts them; of each pair, the multiplies stay what they are. */
function compareBy(comparison: NetworkComparison, name: string): NetworkComparison {
  const convention = conventionNamed(name);
  const standard = countBy(comparison.standard, convention);
  const separable = countBy(comparison.separable, convention);
  const ratio = separable.totals.macs / standard.totals.macs;
  return { ...comparison, cost: countBy(comparison.cost, convention), standard, separable, ratio };
}

function byPlans(network: Network, text: string, options: CompareOptions): RewritesReport {
  const plans = parsePlans(text);
  const choice = chooseLayers(network, options.layers, plans);
  const comparison = compareRewrites(network, plans, choice, counter(options));
  const table = rewriteTable(comparison);
  const [layers] = selectRows([{ items: comparison.layers, whole: undefined }], options, table, 'original');
  return {
    kind: 'rewrites',
    convention: options.convention,
    comparison: { ...comparison, layers: layers! },
    view: readView(options, table),
  };
}

function byAlgorithm(network: Network, options: CompareOptions): AlgorithmsReport {
  const comparison = compareAlgorithms(network, chooseConvs(network, options.layers));
  const rows = [{ items: comparison.layers, whole: undefined }];
  const [layers] = selectRows(rows, options, algorithmTable, 'direct');
  return {
    kind: 'algorithms',
    comparison: { ...comparison, layers: layers! },
    view: readView(options, algorithmTable),
  };
}

function sideBySide(networks: readonly Network[], options: CompareOptions): SideBySideReport {
  const count = counter(options);
  const all = networks.map(network => ({ cost: count(network), published: publishedOf(network.source) }));
  const baseline = all[0]!;
  const [shown] = selectRows([{ items: all, whole: baseline }], options, networkTable, 'macs');
  const view = readView(options, networkTable);
  return { kind: 'side-by-side', convention: options.convention, networks: shown!, baseline, view };
}
