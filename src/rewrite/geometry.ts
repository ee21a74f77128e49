import type { ConvGeometry } from '../model/conv.js';
import type { WindowAxis } from '../model/window.js';

/** A kernel of 1 that leaves an axis as it is. */
export const unitAxis = (size: number): WindowAxis => ({
  input: size,
  output: size,
  kernel: 1,
  stride: 1,
  dilation: 1,
  padBegin: 0,
  padEnd: 0,
  outputPadding: 0,
});

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
