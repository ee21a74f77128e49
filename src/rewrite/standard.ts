import type { ConvGeometry } from '../model/conv.js';
import type { Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs, type SeparablePair } from '../model/separable-pair.js';
import { type NewLayer, newConv, replaceLayers } from './replace.js';

/**
 * The inverse of `separable`: a depthwise convolution and the pointwise one that it feeds become the
 * standard convolution that they replace. What stood between them goes.
 */
export const standard = (network: Network): Network =>
  replaceLayers(
    network,
    new Map<Layer, readonly NewLayer[]>(
      findSeparablePairs(network).flatMap(pair => [
        ...[pair.depthwise, ...pair.between].map(layer => [layer, []] as const),
        [pair.pointwise, [joinPair(network, pair)]] as const,
      ]),
    ),
  );

/** The convolution that a pair replaced. */
export function joinPair(network: Network, { depthwise, pointwise }: SeparablePair): NewLayer {
  return newConv(network, {
    name: pairName(depthwise.name, pointwise.name),
    op: 'conv',
    geometry: joinedGeometry(depthwise.geometry, pointwise.geometry),
    input: depthwise.inputs[0]!,
    output: pointwise.outputs[0]!,
    bias: pointwise.bias,
    activation: pointwise.activation,
  });
}

export const joinedGeometry = (depthwise: ConvGeometry, pointwise: ConvGeometry): ConvGeometry => ({
  ...depthwise,
  groups: 1,
  outChannels: pointwise.outChannels,
});

/** `sep1.dw` and `sep1.pw` are `sep1`; names without a common part keep the second one. */
export function pairName(depthwise: string, pointwise: string): string {
  const a = depthwise.split('.');
  const b = pointwise.split('.');
  const common = b.slice(
    0,
    a.findIndex((part, i) => part !== b[i]),
  );
  return common.length > 0 && a.length === b.length ? common.join('.') : pointwise;
}
