import { convFlavor } from '../model/conv.js';
import type { ConvLayer, Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs } from '../model/separable-pair.js';

/** Which layers a rewrite is to change. */
export interface LayerChoice {
  /** By name. Absent: all standard convolutions but the first of several, as in MobileNet. */
  readonly layers?: ((name: string) => boolean) | undefined;
}

/** The standard convolutions with a kernel larger than 1 that a rewrite takes apart. */
export function standardConvs(network: Network, choice: LayerChoice): readonly ConvLayer[] {
  const convs = network.layers.filter(layer => layer.kind === 'conv');
  const chosen = choice.layers ?? (name => convs.length === 1 || name !== convs[0]!.name);
  // Of one channel, the depthwise step of a pair is standard by its groups.
  const taken = new Set<Layer>(findSeparablePairs(network).map(({ depthwise }) => depthwise));
  return convs.filter(layer => isStandard(layer) && !taken.has(layer) && chosen(layer.name));
}

const isStandard = ({ op, geometry }: ConvLayer): boolean =>
  op !== 'dw' && convFlavor(geometry) === 'standard';
