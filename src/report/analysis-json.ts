import { algorithmCosts } from '../cost/algorithms.js';
import type { AlgorithmComparison } from '../cost/compare-algorithms.js';
import type { ConventionExplanation } from '../cost/conventions/apply.js';
import type { NetworkCost } from '../cost/count.js';
import type { RewrittenLayer, RewrittenNetwork } from '../cost/rewrites.js';
import type { Json } from './json.js';

/** Every convolution as it stands in the network, with what applies to it. */
export function withAlgorithms<Network extends { readonly layers: readonly Json[] }>(
  { layers, ...network }: Network,
  cost: NetworkCost,
) {
  return {
    ...network,
    layers: layers.map((json, index) => {
      const { layer } = cost.layers[index]!;
      return layer.kind === 'conv' ? { ...json, algorithms: algorithmCosts(layer) } : json;
    }),
  };
}

export const algorithmsJson = ({ layer, ...rest }: AlgorithmComparison): Json => ({
  ...rest,
  ...(layer.kind === 'conv' && { kernel: layer.geometry.axes.map(axis => axis.kernel) }),
});

/** Amounts by the rewrite's name; absent where another layer took this one in. */
export const rewrittenJson = (
  { original, rewritten }: RewrittenLayer,
  plans: readonly Pick<RewrittenNetwork, 'rewrite'>[],
): Json => ({
  name: original.layer.name,
  flavor: original.flavor,
  original: { macs: original.macs, params: original.params },
  ...Object.fromEntries(
    rewritten.flatMap((amount, index) => (amount ? [[plans[index]!.rewrite, amount]] : [])),
  ),
});

export const conventionJson = ({
  convention,
  network,
  ours,
  terms,
  total,
  coverage,
}: ConventionExplanation) => ({
  network: network.name,
  source: network.source,
  convention: convention.name,
  version: convention.version ?? null,
  convcost: ours,
  terms,
  difference: total - ours,
  total,
  coverage,
});
