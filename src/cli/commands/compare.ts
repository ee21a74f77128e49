import { compareSeparable } from '../../cost/compare.js';
import { countNetwork } from '../../cost/count.js';
import { ConvcostError } from '../../errors.js';
import type { Network } from '../../model/network.js';
import type { ComparisonReport, SideBySideReport } from '../../report/report.js';
import { networkTable, pairTable } from '../../report/views/comparison-columns.js';
import { standardConvs } from '../../rewrite/separable.js';
import { nearestWord } from '../../spec/suggest.js';
import { publishedOf } from '../../zoo/published.js';
import { type CommonOptions, type DefineCommand, emit, loadAll, sourceCommand } from '../command.js';
import { namePatterns } from '../name-pattern.js';
import { readView, selectRows, type TableOptions, withTableOptions } from '../table-options.js';

interface CompareOptions extends CommonOptions, TableOptions {
  readonly layers?: string;
}

const convention = 'convcost';

export const compareCommand: DefineCommand = context =>
  withTableOptions(
    sourceCommand('compare', 'one source: standard against depthwise + pointwise; several: side by side'),
    pairTable,
  )
    .option(
      '--layers <names>',
      'which convolutions to take apart: names joined by commas, * for any characters',
    )
    .action(async (args: string[], options: CompareOptions) => {
      const [network, ...others] = await loadAll(args, context, options);
      const report =
        others.length > 0 ? sideBySide([network!, ...others], options) : bothWays(network!, options);
      await emit(report, context, options);
    });

function bothWays(network: Network, options: CompareOptions): ComparisonReport {
  const matcher = options.layers === undefined ? undefined : layerMatcher(network, options.layers);
  const comparison = compareSeparable(network, { layers: matcher });
  const rows = [{ items: comparison.layers, whole: undefined }];
  const [layers] = selectRows(rows, options, pairTable, 'standard');
  const view = readView(options, pairTable);
  return { kind: 'comparison', convention, comparison: { ...comparison, layers: layers! }, view };
}

function sideBySide(networks: readonly Network[], options: CompareOptions): SideBySideReport {
  const all = networks.map(network => ({
    cost: countNetwork(network),
    published: publishedOf(network.source),
  }));
  const baseline = all[0]!;
  const [shown] = selectRows([{ items: all, whole: baseline }], options, networkTable, 'macs');
  const view = readView(options, networkTable);
  return { kind: 'side-by-side', convention, networks: shown!, baseline, view };
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
