import { type Activation, makeActivation, noActivation } from '../../model/activation.js';
import type { ConvLayer, FreeCompute, FreeLayer, MatmulLayer, MatmulProduct } from '../../model/layer.js';
import { toFeatureMap } from '../../model/layout.js';
import { sameShape } from '../../model/shape.js';
import { attentions } from './attention.js';
import type { NodeContext } from './node-context.js';
import { productForms } from './operands.js';
import { quantizers } from './params.js';
import { recurrentOf } from './recurrent.js';
import { shapeRules } from './shapes/index.js';
import { convForms, convGeometry, poolGeometry, spatialSizes } from './windows.js';
import { words } from './words.js';

/** What a node becomes, beside its name, tensors and params. */
export type LayerBody =
  | Pick<ConvLayer, 'kind' | 'geometry' | 'bias' | 'activation' | 'dtype'>
  | Pick<MatmulLayer, 'kind' | 'products' | 'bias' | 'activation' | 'dtype'>
  | Pick<FreeLayer, 'kind' | 'compute'>;

export interface Lowering {
  readonly isCounted: boolean;
  /** Which inputs are the weight and the bias; the others that are stored are buffers (scales, zero points). */
  readonly weights: readonly number[] | 'all';
  readonly body: (node: NodeContext) => LayerBody;
}

/** A convolution: our names for its geometry, and the activation that com.microsoft fuses into it. */
const conv = (op: string): Lowering => {
  const form = convForms[op]!;
  return {
    isCounted: true,
    weights: form.bias === undefined ? [form.weight] : [form.weight, form.bias],
    body: node => ({
      kind: 'conv',
      geometry: convGeometry(node, form),
      bias: form.bias !== undefined && node.inputs[form.bias] !== undefined,
      activation: fusedActivation(node),
      dtype: node.input(0).dtype,
    }),
  };
};

const matmul = (
  products: (node: NodeContext) => readonly MatmulProduct[],
  weights: readonly number[] | 'all',
  bias?: number,
): Lowering => ({
  isCounted: true,
  weights,
  body: node => ({
    kind: 'matmul',
    products: wholeProducts(node, products(node)),
    bias: bias !== undefined && node.inputs[bias] !== undefined,
    activation: fusedActivation(node),
    dtype: node.input(0).dtype,
  }),
});

/** Heads that do not divide a size would make products of fractions. */
function wholeProducts(node: NodeContext, products: readonly MatmulProduct[]): readonly MatmulProduct[] {
  const isWhole = products.every(({ batch, m, k, n }) =>
    [batch, m, k, n].every(size => Number.isInteger(size) && size >= 0),
  );
  if (!isWhole)
    node.disagree(
      'The number of heads does not divide them.',
      ...node.inputs.flatMap(value => (value?.shape ? [value.shape] : [])),
    );
  return products;
}

/** The operands that are quantized or dense values, not their scales and zero points. */
const quantizedOperands: Readonly<Record<string, readonly number[]>> = {
  QLinearMatMul: [0, 3],
  QGemm: [0, 3, 6],
  MatMulInteger: [0, 1],
  MatMulIntegerToFloat: [0, 1, 6],
  DynamicQuantizeMatMul: [0, 1, 4],
  MatMulNBits: [1, 5],
  MatMulBnb4: [1],
};

function fusedActivation(node: NodeContext): Activation {
  const name = node.text('activation', '');
  const [first, second] = node.attribute('activation_params')?.floats ?? [];
  const fused: Readonly<Record<string, () => Activation>> = {
    Relu: () => makeActivation('relu'),
    Sigmoid: () => makeActivation('sigmoid'),
    Tanh: () => makeActivation('tanh'),
    LeakyRelu: () => makeActivation('leakyRelu', { alpha: first ?? 0.01 }),
    HardSigmoid: () => makeActivation('hardSigmoid', { alpha: first ?? 0.2, beta: second ?? 0.5 }),
    HardSwish: () => makeActivation('hardswish'),
    Clip: () => clampBetween(first, second),
  };
  return fused[name]?.() ?? noActivation;
}

function clampBetween(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Activation {
  return min === 0 && max === 6 ? makeActivation('relu6') : makeActivation('clamp', { min, max });
}

const free = (compute: (node: NodeContext) => FreeCompute): Lowering => ({
  isCounted: false,
  weights: 'all',
  body: node => ({ kind: 'free', compute: compute(node) }),
});

const elementwise: FreeCompute = { type: 'other', elementwise: true };
const movement: FreeCompute = { type: 'other', elementwise: false };

const activation = (make: (node: NodeContext) => Activation) =>
  free(node => ({ type: 'activation', activation: make(node) }));

const clip = free(node => {
  const bound = (index: number, name: string) =>
    node.inputs[index] ? node.data(index)?.[0] : node.attribute(name)?.float;
  const [min, max] = [bound(1, 'min'), bound(2, 'max')];
  const isOpen = (value: number | undefined, index: number) =>
    value === undefined && node.inputs[index] !== undefined;
  if (isOpen(min, 1) || isOpen(max, 2)) return elementwise;
  return { type: 'activation', activation: clampBetween(min, max) };
});

/** Two tensors that flow, of one shape: what engines add and multiply. A stored operand is a bias or a scale. */
const pairwise = (type: 'add' | 'mul') =>
  free(node => {
    const [a, b] = node.inputs;
    const flows = node.inputs.length === 2 && a && b && !a.isStatic && !b.isStatic;
    return flows && sameShape(a.shape ?? [], b.shape ?? []) ? { type } : elementwise;
  });

const pool = (mode: 'max' | 'avg') =>
  free(node =>
    node.outputCount > 1
      ? movement
      : {
          type: 'pool',
          mode,
          geometry: poolGeometry(node),
          countPadding: node.int('count_include_pad', 0) === 1,
        },
  );

const globalPool = (mode: 'max' | 'avg') =>
  free(node => {
    const shape = node.shape(0);
    const input = toFeatureMap(shape, 'channels-first');
    return { type: 'adaptive-pool', mode, input, outputSizes: spatialSizes(shape).map(() => 1) };
  });

/** Engines keep channels last, where only maps of one place flatten to the same order as here. */
const flatten = free(node => {
  const isOnePlace = spatialSizes(node.shape(0)).every(size => size === 1);
  return node.int('axis', 1) === 1 && isOnePlace ? { type: 'flatten' } : elementwise;
});

const isChannelAxis = (node: NodeContext, fallback: number): boolean => {
  const { length } = node.shape(0);
  return node.axis(node.int('axis', fallback), length) === 1;
};

/** Free operators that engines can run, or that write over their input. */
const executable: Readonly<Record<string, Lowering>> = {
  Relu: activation(() => makeActivation('relu')),
  LeakyRelu: activation(node => makeActivation('leakyRelu', { alpha: node.float('alpha', 0.01) })),
  Elu: activation(node => makeActivation('elu', { alpha: node.float('alpha', 1) })),
  Sigmoid: activation(() => makeActivation('sigmoid')),
  Tanh: activation(() => makeActivation('tanh')),
  Softplus: activation(() => makeActivation('softplus')),
  Mish: activation(() => makeActivation('mish')),
  HardSwish: activation(() => makeActivation('hardswish')),
  HardSigmoid: activation(node =>
    makeActivation('hardSigmoid', { alpha: node.float('alpha', 0.2), beta: node.float('beta', 0.5) }),
  ),
  Clip: clip,
  Add: pairwise('add'),
  Sum: pairwise('add'),
  Mul: pairwise('mul'),
  MaxPool: pool('max'),
  AveragePool: pool('avg'),
  GlobalMaxPool: globalPool('max'),
  GlobalAveragePool: globalPool('avg'),
  BatchNormalization: {
    ...free(node => ({ type: 'batch-norm', epsilon: node.float('epsilon', 1e-5) })),
    weights: [1, 2],
  },
  Concat: free(node => (isChannelAxis(node, 1) ? { type: 'concat' } : movement)),
  Flatten: flatten,
  Softmax: free(node => (isChannelAxis(node, node.opset < 13 ? 1 : -1) ? { type: 'softmax' } : elementwise)),
  Identity: free(() => ({ type: 'identity' })),
  Dropout: free(() => ({ type: 'identity' })),
};

/** Free operators that give one value for each value of their input, and may write over it. */
const inPlace = new Set([
  ...words(`
    Abs Acos Acosh And Asin Asinh Atan Atanh BiasAdd BiasGelu Cast CastLike Ceil Celu Cos Cosh Div Equal
    Erf Exp FastGelu Floor Gelu Greater GreaterOrEqual GroupNormalization Hardmax InstanceNormalization
    IsInf IsNaN LayerNormalization Less LessOrEqual Log LogSoftmax Max Mean Min Mod Neg Not Or PRelu Pow
    QuickGelu RMSNormalization Reciprocal Round Selu Shrink Sign Sin Sinh Softsign Sqrt Sub Swish Tan
    ThresholdedRelu Where Xor
  `),
  // The same elements under another shape.
  ...words('Reshape Squeeze Unsqueeze ExpandDims'),
]);

/**
 * The op table: what each operator costs. Counted: convolutions, products, recurrent layers, attention. All
 * others whose shapes are understood are free by convention: activations, norms, pools, data movement.
 * An operator that is not here is unknown.
 */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(
    Object.keys(shapeRules).map(op => [op, free(() => (inPlace.has(op) ? elementwise : movement))]),
  ),
  ...Object.fromEntries(Array.from(quantizers, op => [op, { ...free(() => elementwise), weights: [0] }])),
  ...executable,
  ...Object.fromEntries(Object.keys(convForms).map(op => [op, conv(op)])),
  ...Object.fromEntries(
    Object.entries(productForms).map(([op, { products, bias }]) => [
      op,
      matmul(node => products(node).products, quantizedOperands[op] ?? 'all', bias),
    ]),
  ),
  ...Object.fromEntries(
    ['RNN', 'GRU', 'LSTM', 'DynamicQuantizeLSTM'].map(op => [
      op,
      // Weights, recurrence, bias and peepholes; not the initial states between them.
      matmul(node => recurrentOf(node).products, [1, 2, 3, 7]),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(attentions).map(([op, attention]) => [
      op,
      matmul(node => attention(node).products, 'all'),
    ]),
  ),
};
