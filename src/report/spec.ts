import { countNetwork } from '../cost/count.js';
import { ConvcostError } from '../errors.js';
import type { Network } from '../model/network.js';
import { buildNetwork } from '../spec/build.js';
import { printSpecFile } from '../spec/print/spec-file.js';
import { toSpec } from '../spec/print/to-spec.js';
import type { Report } from './report.js';

/**
 * The one network of a report, rewritten where it was to be, as a spec file.
 *
 * @throws ConvcostError `not-one-network`, `cannot-export`
 */
export function renderSpec(report: Report): string {
  const [network, ...others] = networksOf(report);
  if (!network || others.length > 0) {
    throw new ConvcostError('not-one-network', { format: 'spec', count: network ? others.length + 1 : 0 });
  }
  const spec = toSpec(network);
  const { name, source, format } = network;
  requireSameCounts(network, buildNetwork(spec, { name, source, format }));
  return printSpecFile(spec);
}

function networksOf(report: Report): readonly Network[] {
  switch (report.kind) {
    case 'cost':
      return report.costs.map(({ network }) => network);
    case 'comparison':
      return [report.comparison.cost.network];
    case 'algorithms':
      return [report.comparison.cost.network];
    case 'rewrites':
      return report.comparison.rewritten.map(({ cost }) => cost.network);
    case 'side-by-side':
      return report.networks.map(({ cost }) => cost.network);
    default:
      return [];
  }
}

/** A file that counts otherwise would be worse than none. */
function requireSameCounts(network: Network, again: Network): void {
  const [before, after] = [network, again].map(each => countNetwork(each).totals);
  for (const key of ['macs', 'params'] as const) {
    if (before![key] === after![key]) continue;
    const reason = `it would have ${after![key]} ${key} there, in place of ${before![key]}`;
    throw new ConvcostError('cannot-export', { layer: network.name, reason });
  }
}
