import { convFlavor } from '../model/conv.js';
import type { ConvLayer, Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';

/** Which layers a rewrite is to change. */
export interface LayerChoice {
  /** By name. Absent: all standard convolutions but the first of several, as in MobileNet. */
  readonly layers?: ((name: string) => boolean) | undefined;
}

/** The standard convolutions with a kernel larger than 1 that a rewrite takes apart. */
export function standardConvs({ layers }: Network, choice: LayerChoice): readonly ConvLayer[] {
  const convs = layers.filter(layer => layer.kind === 'conv');
  const chosen = choice.layers ?? (name => convs.length === 1 || name !== convs[0]!.name);
  return layers.filter(isStandard).filter(({ name }) => chosen(name));
}

/** One channel to one channel is its own depthwise part. */
const isStandard = (layer: Layer): layer is ConvLayer =>
  layer.kind === 'conv' &&
  convFlavor(layer.geometry) === 'standard' &&
  layer.geometry.inChannels * layer.geometry.outChannels > 1;
