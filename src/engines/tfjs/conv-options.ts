import { type ConvGeometry, convFlavor, convWeightShape, depthMultiplier } from '../../model/conv.js';
import type { Shape } from '../../model/shape.js';
import { kernelExtent, type WindowAxis } from '../../model/window.js';
import { permute } from '../../tensor/permute.js';
import type { ConvProblem } from '../engine.js';
import { isKnownActivation } from './activations.js';
import type { ConvOptions, ExplicitPadding } from './api.js';

/** An axis of size 1, for height where there is only width. */
const flatAxis: WindowAxis = {
  input: 1,
  output: 1,
  kernel: 1,
  stride: 1,
  dilation: 1,
  padBegin: 0,
  padEnd: 0,
  outputPadding: 0,
};

type Axes2 = readonly [WindowAxis, WindowAxis];
const axes2 = ({ axes }: ConvGeometry): Axes2 =>
  (axes.length === 1 ? [flatAxis, axes[0]!] : axes) as unknown as Axes2;

/**
 * Depthwise, or dense: TensorFlow.js has no groups between. A stride or a dilation, but not both; transposed
 * neither groups nor a dilation.
 */
export function isSupportedConv({ geometry, activation }: ConvProblem): boolean {
  const { transposed, batch, groups, inChannels, axes } = geometry;
  if (batch === 0 || axes.length < 1 || axes.length > 2 || !isKnownActivation(activation)) return false;
  if (axes.some(axis => axis.padBegin < 0 || axis.padEnd < 0)) return false;
  const isDilated = axes.some(axis => axis.dilation > 1);
  if (transposed)
    return groups === 1 && !isDilated && axes.every(axis => axis.input === slid(axis, axis.output));
  if (groups !== 1 && groups !== inChannels) return false;
  if (isDilated && axes.some(axis => axis.stride > 1)) return false;
  return axes.every(axis => axis.output === slid(axis, axis.input));
}

/** Positions of a window on a fine grid; a transposed convolution must be one of these backwards. */
const slid = (axis: WindowAxis, fine: number): number =>
  Math.floor((fine + axis.padBegin + axis.padEnd - kernelExtent(axis)) / axis.stride) + 1;

export const isDepthwise = (geometry: ConvGeometry): boolean => convFlavor(geometry) === 'depthwise';

export function windowOptions(geometry: ConvGeometry): Pick<ConvOptions, 'strides' | 'dilations' | 'pad'> {
  const [height, width] = axes2(geometry);
  return {
    strides: [height.stride, width.stride],
    dilations: [height.dilation, width.dilation],
    pad: geometry.padding === 'same-upper' && !geometry.transposed ? 'same' : edgesOf(height, width),
  };
}

function edgesOf(height: WindowAxis, width: WindowAxis): 'valid' | ExplicitPadding {
  const edges = [height, width].map(axis => [axis.padBegin, axis.padEnd] as const);
  return edges.flat().some(edge => edge > 0) ? [[0, 0], ...edges, [0, 0]] : 'valid';
}

/** `[batch, height, width, channels]` of what goes in. */
export function inputShape(geometry: ConvGeometry): Shape {
  const [height, width] = axes2(geometry);
  return [geometry.batch, height.input, width.input, geometry.inChannels];
}

/** `[batch, height, width, channels]` of what comes out. */
export function outputShape(geometry: ConvGeometry): Shape {
  const [height, width] = axes2(geometry);
  return [geometry.batch, height.output, width.output, geometry.outChannels];
}

/** The weights in TensorFlow's order: HWIO, of a depthwise convolution HWCM, of a transposed one HWOI. */
export function filterOf(
  geometry: ConvGeometry,
  weights: Float32Array,
): { readonly values: Float32Array; readonly shape: Shape } {
  const [outer, inner] = isDepthwise(geometry)
    ? [geometry.inChannels, depthMultiplier(geometry)]
    : convWeightShape(geometry);
  const [height, width] = axes2(geometry).map(axis => axis.kernel) as [number, number];
  return {
    values: permute(
      weights,
      [outer!, inner!, height, width],
      'abHW',
      isDepthwise(geometry) ? 'HWab' : 'HWba',
    ),
    shape: [height, width, ...(isDepthwise(geometry) ? [outer!, inner!] : [inner!, outer!])],
  };
}
