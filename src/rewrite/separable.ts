import type { ConvGeometry } from '../model/conv.js';
import type { ConvLayer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { type LayerChoice, standardConvs } from './choice.js';
import { pointwiseAt } from './geometry.js';
import { chainInPlaceOf, type NewLayer, replaceLayers } from './replace.js';

export interface SeparableOptions extends LayerChoice {
  /** Depthwise filters for each channel; absent: 1. */
  readonly multiplier?: number | undefined;
}

/**
 * The MobileNet rewrite: a standard convolution with a kernel larger than 1 becomes a depthwise one, which
 * keeps stride, padding and dilation, and a pointwise one, which keeps bias and activation.
 */
export const separable = (network: Network, options: SeparableOptions = {}): Network =>
  replaceLayers(
    network,
    new Map(
      standardConvs(network, options).map(
        layer => [layer, splitConv(network, layer, options.multiplier)] as const,
      ),
    ),
  );

/** The two layers that take the place of one. */
export function splitConv(
  network: Network,
  layer: ConvLayer,
  multiplier = 1,
): readonly [NewLayer<ConvLayer>, NewLayer<ConvLayer>] {
  const { name, geometry } = layer;
  const [depthwise, pointwise] = chainInPlaceOf(network, layer, [
    { name: `${name}.dw`, op: 'dw', geometry: depthwisePart(geometry, multiplier) },
    { name: `${name}.pw`, op: 'pw', geometry: pointwisePart(geometry, multiplier) },
  ]);
  return [depthwise!, pointwise!];
}

const depthwisePart = (geometry: ConvGeometry, multiplier = 1): ConvGeometry => ({
  ...geometry,
  groups: geometry.inChannels,
  outChannels: geometry.inChannels * multiplier,
});

/** Mixes the channels at every output position. */
const pointwisePart = (geometry: ConvGeometry, multiplier = 1): ConvGeometry =>
  pointwiseAt('output', geometry, geometry.inChannels * multiplier, geometry.outChannels);
