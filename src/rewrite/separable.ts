import { type ConvGeometry, convFlavor } from '../model/conv.js';
import type { ConvLayer, Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { type NewLayer, newConv, replaceLayers } from './replace.js';

export interface SeparableOptions {
  /** Which convolutions, by name. Absent: all but the first of several, as in MobileNet. */
  readonly layers?: ((name: string) => boolean) | undefined;
}

/**
 * The MobileNet rewrite: a standard convolution with a kernel larger than 1 becomes a depthwise one, which
 * keeps stride, padding and dilation, and a pointwise one, which keeps bias and activation.
 */
export const separable = (network: Network, options: SeparableOptions = {}): Network =>
  replaceLayers(
    network,
    new Map(standardConvs(network, options).map(layer => [layer, splitConv(network, layer)] as const)),
  );

/** The convolutions that the rewrite takes apart. */
export function standardConvs({ layers }: Network, options: SeparableOptions): readonly ConvLayer[] {
  const convs = layers.filter(layer => layer.kind === 'conv');
  const chosen = options.layers ?? (name => convs.length === 1 || name !== convs[0]!.name);
  return layers.filter(isStandard).filter(({ name }) => chosen(name));
}

/** The two layers that take the place of one. */
export function splitConv(network: Network, layer: ConvLayer): readonly [NewLayer, NewLayer] {
  const { name, geometry, bias, activation } = layer;
  const depthwise = newConv(network, {
    name: `${name}.dw`,
    op: 'dw',
    geometry: depthwisePart(geometry),
    input: layer.inputs[0]!,
  });
  const pointwise = newConv(network, {
    name: `${name}.pw`,
    op: 'pw',
    geometry: pointwisePart(geometry),
    input: depthwise.layer.outputs[0]!,
    output: layer.outputs[0]!,
    bias,
    activation,
  });
  return [depthwise, pointwise];
}

export const depthwisePart = (geometry: ConvGeometry): ConvGeometry => ({
  ...geometry,
  groups: geometry.inChannels,
  outChannels: geometry.inChannels,
});

/** Mixes the channels at every output position. */
export const pointwisePart = (geometry: ConvGeometry): ConvGeometry => ({
  ...geometry,
  groups: 1,
  padding: 'valid',
  axes: geometry.axes.map(({ output }) => ({
    input: output,
    output,
    kernel: 1,
    stride: 1,
    dilation: 1,
    padBegin: 0,
    padEnd: 0,
    outputPadding: 0,
  })),
});

/** One channel to one channel is its own depthwise part. */
const isStandard = (layer: Layer): layer is ConvLayer =>
  layer.kind === 'conv' &&
  convFlavor(layer.geometry) === 'standard' &&
  layer.geometry.inChannels * layer.geometry.outChannels > 1;
