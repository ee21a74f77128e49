import type { ConvGeometry } from '../model/conv.js';
import { unitAxis } from '../model/window.js';

/** A pointwise convolution over the inputs, or over the outputs, of another. */
export const pointwiseAt = (
  side: 'input' | 'output',
  { batch, axes }: ConvGeometry,
  inChannels: number,
  outChannels: number,
): ConvGeometry => ({
  transposed: false,
  batch,
  inChannels,
  outChannels,
  groups: 1,
  padding: 'valid',
  axes: axes.map(axis => unitAxis(axis[side])),
});
