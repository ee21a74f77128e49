import type { FreeCompute, FreeLayer, PoolGeometry } from '../../model/layer.js';
import { type ChannelOrder, turnShape } from '../../model/layout.js';
import type { ProblemWeights } from '../engine.js';
import { emitActivation } from './activations.js';
import type { ModelBuilder } from './model-builder.js';

/** A layer without multiplies, and what it reads, by the names of tensors with their channels first. */
interface Place {
  readonly layer: FreeLayer;
  readonly inputs: readonly string[];
  readonly weights: ProblemWeights;
  /** The order in which the network itself has its axes: flattening follows it. */
  readonly order: ChannelOrder;
}

/** The tensor that it gives; undefined where ONNX would mean something else by the same words. */
type Emit<Compute> = (model: ModelBuilder, place: Place, compute: Compute) => string | undefined;
type ComputeOf<Type extends FreeCompute['type']> = Extract<FreeCompute, { type: Type }>;

const emitters: { readonly [Type in FreeCompute['type']]: Emit<ComputeOf<Type>> } = {
  activation: (model, { inputs: [x] }, { activation }) => emitActivation(model, x!, activation),
  pool: (model, { inputs: [x] }, { mode, geometry, countPadding }) =>
    model.apply(mode === 'max' ? 'MaxPool' : 'AveragePool', [x!], {
      ...windowOf(geometry),
      ...(mode === 'avg' && { count_include_pad: { int: Number(countPadding) } }),
    }),
  'adaptive-pool': (model, { inputs: [x], layer }, { mode, outputSizes }) => {
    if (outputSizes.some(size => size !== 1)) return undefined;
    const pooled = model.apply(mode === 'max' ? 'GlobalMaxPool' : 'GlobalAveragePool', [x!]);
    return layer.outputs[0]!.shape.length === 2 ? model.apply('Flatten', [pooled]) : pooled;
  },
  add: (model, place) => fold(model, 'Add', place),
  mul: (model, place) => fold(model, 'Mul', place),
  concat: (model, { inputs }) => model.apply('Concat', inputs, { axis: { int: 1 } }),
  'batch-norm': (model, { inputs: [x], weights }, { epsilon }) =>
    model.apply('BatchNormalization', [x!, ...weights.map(each => model.constant([each.length], each))], {
      epsilon: { float: epsilon },
    }),
  'channel-slice': (model, { inputs: [x] }, { start, end }) =>
    model.apply('Slice', [x!, model.integers([start]), model.integers([end]), model.integers([1])]),
  'channel-shuffle': (model, { inputs: [x], layer, order }, { groups }) => {
    const shape = turnShape(layer.outputs[0]!.shape, order, 'channels-first');
    const [batch, channels, ...sizes] = shape as [number, number, ...number[]];
    const grouped = model.apply('Reshape', [
      x!,
      model.integers([batch, groups, channels / groups, ...sizes]),
    ]);
    const perm = { ints: [0, 2, 1, ...sizes.map((_, index) => index + 3)] };
    return model.apply('Reshape', [model.apply('Transpose', [grouped], { perm }), model.integers(shape)]);
  },
  flatten: (model, { inputs: [x], layer, order }) => {
    const [, ...rest] = layer.inputs[0]!.shape;
    const isPlain = order === 'channels-first' || rest.slice(0, -1).every(size => size === 1);
    const perm = { ints: [0, ...rest.slice(1).map((_, index) => index + 2), 1] };
    return model.apply('Flatten', [isPlain ? x! : model.apply('Transpose', [x!], { perm })]);
  },
  softmax: (model, { inputs: [x] }) => model.apply('Softmax', [x!], { axis: { int: 1 } }),
  identity: (model, { inputs: [x] }) => model.apply('Identity', [x!]),
  other: () => undefined,
};

export const emitFree: Emit<FreeCompute> = (model, place, compute) =>
  (emitters[compute.type] as Emit<FreeCompute>)(model, place, compute);

/** Sums and products of equal ranks: then the axes that are repeated are the same ones. */
function fold(model: ModelBuilder, op: string, { inputs, layer }: Place): string | undefined {
  const [first, ...others] = inputs;
  if (new Set(layer.inputs.map(({ shape }) => shape.length)).size > 1) return undefined;
  return others.reduce((sum, input) => model.apply(op, [sum, input]), first!);
}

const windowOf = ({ axes, ceil }: PoolGeometry) => ({
  kernel_shape: { ints: axes.map(axis => axis.kernel) },
  strides: { ints: axes.map(axis => axis.stride) },
  dilations: { ints: axes.map(axis => axis.dilation) },
  pads: { ints: [...axes.map(axis => axis.padBegin), ...axes.map(axis => axis.padEnd)] },
  ceil_mode: { int: Number(ceil) },
});
