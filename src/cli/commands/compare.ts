import { compareSeparable, type NetworkComparison } from '../../cost/compare.js';
import { countBy } from '../../cost/conventions/apply.js';
import { conventionNamed } from '../../cost/conventions/index.js';
import { countNetwork } from '../../cost/count.js';
import { ConvcostError } from '../../errors.js';
import type { Network } from '../../model/network.js';
import type { ComparisonReport, SideBySideReport } from '../../report/report.js';
import { networkTable, pairTable } from '../../report/views/comparison-columns.js';
import { standardConvs } from '../../rewrite/separable.js';
import { nearestWord } from '../../spec/suggest.js';
import { publishedOf } from '../../zoo/published.js';
import { type CommonOptions, type DefineCommand, emit, loadAll, sourceCommand } from '../command.js';
import { conventionOption } from '../convention-option.js';
import { namePatterns } from '../name-pattern.js';
import { readView, selectRows, type TableOptions, withTableOptions } from '../table-options.js';

interface CompareOptions extends CommonOptions, TableOptions {
  readonly layers?: string;
  readonly convention: string;
}

export const compareCommand: DefineCommand = context =>
  withTableOptions(
    sourceCommand('compare', 'one source: standard against depthwise + pointwise; several: side by side'),
    pairTable,
  )
    .option(
      '--layers <names>',
      'which convolutions to take apart: names joined by commas, * for any characters',
    )
    .addOption(conventionOption())
    .action(async (args: string[], options: CompareOptions) => {
      const [network, ...others] = await loadAll(args, context, options);
      const report =
        others.length > 0 ? sideBySide([network!, ...others], options) : bothWays(network!, options);
      await emit(report, context, options);
    });

function bothWays(network: Network, options: CompareOptions): ComparisonReport {
  const matcher = options.layers === undefined ? undefined : layerMatcher(network, options.layers);
  const comparison = compareBy(compareSeparable(network, { layers: matcher }), options.convention);
  const rows = [{ items: comparison.layers, whole: undefined }];
  const [layers] = selectRows(rows, options, pairTable, 'standard');
  const view = readView(options, pairTable);
  return {
    kind: 'comparison',
    convention: options.convention,
    comparison: { ...comparison, layers: layers! },
    view,
  };
}

/** Totals as another tool counts them; of each pair, the multiplies stay what they are. */
function compareBy(comparison: NetworkComparison, name: string): NetworkComparison {
  const convention = conventionNamed(name);
  const standard = countBy(comparison.standard, convention);
  const separable = countBy(comparison.separable, convention);
  const ratio = separable.totals.macs / standard.totals.macs;
  return { ...comparison, cost: countBy(comparison.cost, convention), standard, separable, ratio };
}

function sideBySide(networks: readonly Network[], options: CompareOptions): SideBySideReport {
  const all = networks.map(network => ({
    cost: countBy(countNetwork(network), conventionNamed(options.convention)),
    published: publishedOf(network.source),
  }));
  const baseline = all[0]!;
  const [shown] = selectRows([{ items: all, whole: baseline }], options, networkTable, 'macs');
  const view = readView(options, networkTable);
  return { kind: 'side-by-side', convention: options.convention, networks: shown!, baseline, view };
}

/** Each pattern must match a convolution. */
function layerMatcher(network: Network, patterns: string): (name: string) => boolean {
  const known = standardConvs(network, { layers: () => true }).map(({ name }) => name);
  const all = namePatterns(patterns);
  for (const { text, matches } of all) {
    if (known.some(matches)) continue;
    throw new ConvcostError('no-such-layer', { pattern: text, known, suggestion: nearestWord(text, known) });
  }
  return name => all.some(({ matches }) => matches(name));
}
