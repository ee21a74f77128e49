import type { Network } from '../model/network.js';
import { buildNetwork } from '../spec/build.js';
import type { LayerSpec, NetworkSpec } from '../spec/layer-spec.js';
import { toSpec } from '../spec/print/to-spec.js';

/**
 * A network written anew with other numbers, whose shapes are propagated again.
 *
 * @throws ConvcostError where the network cannot be written, or does not fit together any more
 */
export const rebuild = (network: Network, change: (spec: NetworkSpec) => NetworkSpec): Network => {
  const { name, source, format } = network;
  return buildNetwork(change(toSpec(network)), { name, source, format });
};

/** Written values belong to the sizes that they were written for: they give way to fills. */
export function withoutValues({ weights, biasValues, bias, ...layer }: LayerSpec): LayerSpec {
  const hasBias = bias ?? (biasValues ? true : undefined);
  return {
    ...layer,
    ...(hasBias !== undefined && { bias: hasBias }),
    ...(weights && 'fill' in weights && { weights }),
  };
}
