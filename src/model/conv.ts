import { ConvcostError } from '../errors.js';
import { exactProduct } from './exact.js';
import type { FeatureMap } from './layout.js';
import type { Shape } from './shape.js';
import { type PaddingMode, requireAtLeast, resolveAxes, type WindowAxis, type WindowSpec } from './window.js';

/** A convolution as people write it: what is left out has its default. */
export interface ConvSpec extends WindowSpec {
  readonly outChannels: number;
  readonly groups?: number | undefined;
  readonly transposed?: boolean | undefined;
}

/**
 * A convolution with every default filled and every invariant checked. Standard, grouped, depthwise,
 * pointwise and transposed convolutions of 1, 2 and 3 axes are this one type; the flavor is derived.
 */
export interface ConvGeometry {
  readonly transposed: boolean;
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  /** How the padding was asked for; the edges that follow from it stand in `axes`. */
  readonly padding: PaddingMode;
  readonly axes: readonly WindowAxis[];
}

/**
 * Parses a convolution once, against the feature maps that flow in.
 *
 * @throws ConvcostError naming the number that is wrong
 */
export function resolveConv(spec: ConvSpec, input: FeatureMap): ConvGeometry {
  const { groups = 1, transposed = false, outChannels } = spec;
  const inChannels = input.channels;
  requireAtLeast('Number of output channels', outChannels, 1);
  requireAtLeast('Number of input channels', inChannels, 1);
  requireAtLeast('Number of groups', groups, 1);
  requireAtLeast('Batch', input.batch, 0);
  if (inChannels % groups !== 0) {
    throw new ConvcostError('channels-not-divisible', { side: 'input', channels: inChannels, groups });
  }
  if (outChannels % groups !== 0) {
    throw new ConvcostError('channels-not-divisible', { side: 'output', channels: outChannels, groups });
  }
  const { padding, axes } = resolveAxes(spec, input.sizes, transposed ? 'transposed' : 'floor');
  return { transposed, batch: input.batch, inChannels, outChannels, groups, padding, axes };
}

/** The feature maps that come out. */
export const convOutput = ({ batch, outChannels, axes }: ConvGeometry): FeatureMap => ({
  batch,
  channels: outChannels,
  sizes: axes.map(axis => axis.output),
});

/** The feature maps that go in. */
export const convInput = ({ batch, inChannels, axes }: ConvGeometry): FeatureMap => ({
  batch,
  channels: inChannels,
  sizes: axes.map(axis => axis.input),
});

/**
 * The shape of the weights. A convolution has `[outChannels, inChannels / groups, ...kernel]`, a transposed
 * one `[inChannels, outChannels / groups, ...kernel]`, as in PyTorch and ONNX.
 */
export function convWeightShape({ transposed, inChannels, outChannels, groups, axes }: ConvGeometry): Shape {
  const kernel = axes.map(axis => axis.kernel);
  return transposed
    ? [inChannels, outChannels / groups, ...kernel]
    : [outChannels, inChannels / groups, ...kernel];
}

/** The size of the grid that every tap visits in full: the output, or the input of a transposed convolution. */
export const coarseSize = ({ transposed }: ConvGeometry, axis: WindowAxis): number =>
  transposed ? axis.input : axis.output;

/** How many input values one output value is multiplied with, padding included. */
export const convFanIn = ({ inChannels, groups, axes }: ConvGeometry): number =>
  exactProduct('fan-in', [inChannels / groups, ...axes.map(axis => axis.kernel)]);

export const convFlavors = ['standard', 'grouped', 'depthwise', 'pointwise', 'transposed'] as const;
export type ConvFlavor = (typeof convFlavors)[number];

/** A name for the reader; nothing is computed from it. The order of the questions is the definition. */
export function convFlavor({ transposed, groups, inChannels, axes }: ConvGeometry): ConvFlavor {
  if (transposed) return 'transposed';
  if (groups > 1) return groups === inChannels ? 'depthwise' : 'grouped';
  return axes.every(axis => axis.kernel === 1) ? 'pointwise' : 'standard';
}

/** Output channels per input channel of a depthwise convolution (TensorFlow's depth multiplier). */
export const depthMultiplier = ({ inChannels, outChannels }: ConvGeometry): number =>
  outChannels / inChannels;
