import { type ConvGeometry, convFlavor, convWeightShape, depthMultiplier } from '../../model/conv.js';
import type { Shape } from '../../model/shape.js';
import { kernelExtent, type WindowAxis } from '../../model/window.js';
import { permute } from '../../tensor/permute.js';
import type { ConvProblem } from '../engine.js';
import { isFused } from './activations.js';
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

/** Depthwise, or dense: TensorFlow.js has no groups between. A stride or a dilation, but not both. */
export function isSupportedConv({ geometry, activation }: ConvProblem): boolean {
  const { transposed, batch, groups, inChannels, axes } = geometry;
  if (transposed || batch === 0 || axes.length < 1 || axes.length > 2 || !isFused(activation)) return false;
  if (groups !== 1 && groups !== inChannels) return false;
  if (axes.some(axis => axis.stride > 1) && axes.some(axis => axis.dilation > 1)) return false;
  return axes.every(axis => axis.padBegin >= 0 && axis.padEnd >= 0 && axis.output === slid(axis));
}

const slid = (axis: WindowAxis): number =>
  Math.floor((axis.input + axis.padBegin + axis.padEnd - kernelExtent(axis)) / axis.stride) + 1;

export const isDepthwise = (geometry: ConvGeometry): boolean => convFlavor(geometry) === 'depthwise';

export function windowOptions(geometry: ConvGeometry): Pick<ConvOptions, 'strides' | 'dilations' | 'pad'> {
  const [height, width] = axes2(geometry);
  return {
    strides: [height.stride, width.stride],
    dilations: [height.dilation, width.dilation],
    pad: geometry.padding === 'same-upper' ? 'same' : edgesOf(height, width),
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

/** The weights in TensorFlow's order: HWIO, of a depthwise convolution HWCM. */
export function filterOf(
  geometry: ConvGeometry,
  weights: Float32Array,
): { readonly values: Float32Array; readonly shape: Shape } {
  const [outer, inner] = isDepthwise(geometry)
    ? [geometry.inChannels, depthMultiplier(geometry)]
    : convWeightShape(geometry);
  const [height, width] = axes2(geometry).map(axis => axis.kernel) as [number, number];
  const isOutputFirst = !isDepthwise(geometry);
  return {
    values: permute(weights, [outer!, inner!, height, width], 'abHW', isOutputFirst ? 'HWba' : 'HWab'),
    shape: [height, width, ...(isOutputFirst ? [inner!, outer!] : [outer!, inner!])],
  };
}
