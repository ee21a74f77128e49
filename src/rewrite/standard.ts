import type { ConvGeometry } from '../model/conv.js';
import type { ConvLayer, Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs, type SeparablePair } from '../model/separable-pair.js';
import type { LayerChoice } from './choice.js';
import { type NewLayer, newConv, replaceLayers } from './replace.js';

/**
 * The inverse of `separable`: a depthwise convolution and the pointwise one that it feeds become the
 * standard convolution that they replace. What stood between them goes.
 */
export const standard = (network: Network, { layers = () => true }: LayerChoice = {}): Network =>
  replaceLayers(
    network,
    new Map<Layer, readonly NewLayer[]>(
      pairsNamed(network, layers).flatMap(pair => [
        ...[pair.depthwise, ...pair.between].map(layer => [layer, []] as const),
        [pair.pointwise, [joinPair(network, pair)]] as const,
      ]),
    ),
  );

/** Pairs by the name that they have together, or that of either layer. */
const pairsNamed = (network: Network, isMeant: (name: string) => boolean): readonly SeparablePair[] =>
  findSeparablePairs(network).filter(({ name, depthwise, pointwise }) =>
    [name, depthwise.name, pointwise.name].some(isMeant),
  );

/** The convolution that a pair replaced. */
export function joinPair(
  network: Network,
  { name, depthwise, pointwise }: SeparablePair,
): NewLayer<ConvLayer> {
  return newConv(network, {
    name,
    op: 'conv',
    geometry: joinedGeometry(depthwise.geometry, pointwise.geometry),
    input: depthwise.inputs[0]!,
    output: pointwise.outputs[0]!,
    bias: pointwise.bias,
    activation: pointwise.activation,
  });
}

const joinedGeometry = (depthwise: ConvGeometry, pointwise: ConvGeometry): ConvGeometry => ({
  ...depthwise,
  groups: 1,
  outChannels: pointwise.outChannels,
});
