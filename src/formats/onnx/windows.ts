import { ConvcostError } from '../../errors.js';
import { type ConvGeometry, resolveConv } from '../../model/conv.js';
import type { PoolGeometry } from '../../model/layer.js';
import { type ChannelOrder, type FeatureMap, toFeatureMap } from '../../model/layout.js';
import type { Shape } from '../../model/shape.js';
import { type Padding, resolveAxes } from '../../model/window.js';
import { type NodeContext, shapeOf } from './node-context.js';
import type { Padded } from './value.js';

/** Where each kind of convolution keeps its operands. */
export interface ConvForm {
  readonly weight: number;
  readonly bias: number | undefined;
  readonly transposed?: boolean;
  /** The data's axes: com.microsoft has channels-last variants. Weights are channels-first in all of them. */
  readonly order?: (node: NodeContext) => ChannelOrder;
}

const quantizedOrder = (node: NodeContext): ChannelOrder =>
  node.int('channels_last', 0) === 1 ? 'channels-last' : 'channels-first';

export const convForms: Readonly<Record<string, ConvForm>> = {
  Conv: { weight: 1, bias: 2 },
  FusedConv: { weight: 1, bias: 2 },
  NhwcConv: { weight: 1, bias: 2, order: () => 'channels-last' },
  NhwcFusedConv: { weight: 1, bias: 2, order: () => 'channels-last' },
  ConvInteger: { weight: 1, bias: undefined },
  QLinearConv: { weight: 3, bias: 8, order: quantizedOrder },
  DeformConv: { weight: 1, bias: 3 },
  ConvTranspose: { weight: 1, bias: 2, transposed: true },
  ConvTransposeWithDynamicPads: { weight: 1, bias: 3, transposed: true },
};

export const convOrder = (node: NodeContext): ChannelOrder =>
  convForms[node.op]?.order?.(node) ?? 'channels-first';

/**
 * The geometry of a convolution node. Weights: `[out, in / group, ...kernel]`, transposed
 * `[in, out / group, ...kernel]`.
 *
 * Source: ONNX Conv, ConvTranspose, ConvInteger, QLinearConv, DeformConv.
 *
 * @throws NotKnown where the input's shape is not known; ConvcostError where the node makes no sense
 */
export function convGeometry(node: NodeContext, form: ConvForm): ConvGeometry {
  const { transposed = false } = form;
  const padded = paddedInput(node);
  const shape = padded ? shapeOf(padded.value) : node.shape(0);
  const input = toFeatureMap(shape, convOrder(node));
  const weight = node.shape(form.weight);
  const groups = node.int('group', 1);
  if (weight.length !== shape.length || weight.length < 3)
    node.disagree('Input and weight need the same axes.', shape, weight);
  const takes = transposed ? weight[0]! : weight[1]! * groups;
  if (groups >= 1 && takes !== input.channels) {
    throw new ConvcostError('weight-channels-disagree', { weight, groups, takes, input: shape });
  }
  const kernel = weight.slice(2);
  const given = node.ints('kernel_shape');
  if (given && (given.length !== kernel.length || given.some((size, axis) => size !== kernel[axis]))) {
    node.refuse('kernel_shape', given, `[${kernel}], the kernel of its weight [${weight}]`);
  }
  return resolveConv(
    {
      kernel,
      outChannels: transposed ? weight[1]! * groups : weight[0]!,
      groups,
      transposed,
      ...windowOptions(node, kernel.length),
      ...(padded && { padding: joinPads(padded.edges, node.ints('pads')) }),
      ...(transposed && transposedOptions(node, kernel.length)),
    },
    input,
  );
}

/**
 * The value that a convolution pads: zeros put around its input by a node of their own are its padding,
 * as in the framework that wrote them so (PyTorch's `same` with an even kernel, TensorFlow's exports).
 */
export function paddedInput(node: NodeContext): Padded | undefined {
  const isPlain = node.op === 'Conv' || node.op === 'FusedConv';
  return isPlain && ['NOTSET', 'VALID', ''].includes(node.text('auto_pad', 'NOTSET'))
    ? node.input(0).padded
    : undefined;
}

const joinPads = (edges: readonly number[], pads: readonly number[] = []): readonly number[] =>
  edges.map((edge, index) => edge + (pads[index] ?? 0));

/** Stride, dilation and padding, which convolutions and pools share. */
function windowOptions(node: NodeContext, axes: number) {
  return {
    stride: perAxis(node, 'strides', axes),
    dilation: perAxis(node, 'dilations', axes),
    padding: paddingOf(node, axes),
  };
}

function paddingOf(node: NodeContext, axes: number): Padding {
  const mode = node.text('auto_pad', 'NOTSET');
  if (mode === 'SAME_UPPER') return 'same-upper';
  if (mode === 'SAME_LOWER') return 'same-lower';
  if (mode === 'VALID') return 'valid';
  if (mode !== 'NOTSET' && mode !== '')
    node.refuse('auto_pad', mode, 'NOTSET, SAME_UPPER, SAME_LOWER or VALID');
  const dynamic = node.op === 'ConvTransposeWithDynamicPads' ? node.optionalValues(2) : undefined;
  return dynamic ?? perAxis(node, 'pads', 2 * axes) ?? 0;
}

/**
 * `output_shape` overrides pads, and the odd element of an uneven total goes to the end for SAME_UPPER
 * alone. Before opset 11 the roles of SAME_UPPER and the others were the other way round.
 */
function transposedOptions(node: NodeContext, axes: number) {
  const outputPadding = perAxis(node, 'output_padding', axes);
  // Some exporters give batch and channels too.
  const given = node.ints('output_shape') ?? [];
  if (![0, axes, axes + 2].includes(given.length)) node.refuse('output_shape', given, `${axes} numbers`);
  const outputShape = given.length === 0 ? undefined : given.slice(-axes);
  const mode = node.text('auto_pad', 'NOTSET');
  const isSame = mode.startsWith('SAME');
  if (mode === 'VALID' || (outputShape === undefined && !isSame)) return { outputPadding, outputShape };
  const oddAtEnd = (mode === 'SAME_UPPER') === node.opset >= 11;
  return {
    outputPadding,
    outputShape,
    padding: oddAtEnd ? ('same-upper' as const) : ('same-lower' as const),
  };
}

function perAxis(node: NodeContext, name: string, count: number): readonly number[] | undefined {
  const values = node.ints(name);
  if (values?.length === 0) return undefined;
  if (values !== undefined && values.length !== count) node.refuse(name, values, `${count} numbers`);
  return values;
}

/** A pool over feature maps, `[batch, channels, ...sizes]`, by its `kernel_shape`. */
export function poolGeometry(node: NodeContext, order: ChannelOrder = 'channels-first'): PoolGeometry {
  const shape = node.shape(0);
  if (shape.length < 3) node.disagree('A pool needs spatial axes.', shape);
  const { batch, channels, sizes } = toFeatureMap(shape, order);
  const kernel = perAxis(node, 'kernel_shape', sizes.length);
  if (kernel === undefined) node.refuse('kernel_shape', undefined, `${sizes.length} numbers`);
  const ceil = node.int('ceil_mode', 0) === 1;
  const spec = { kernel, ...windowOptions(node, sizes.length) };
  return { batch, channels, ceil, ...resolveAxes(spec, sizes, ceil ? 'ceil' : 'floor') };
}

export const poolOutput = ({ batch, channels, axes }: PoolGeometry): FeatureMap => ({
  batch,
  channels,
  sizes: axes.map(axis => axis.output),
});

/** The spatial sizes of `[batch, channels, ...sizes]`. */
export const spatialSizes = (shape: Shape): Shape => shape.slice(2);
