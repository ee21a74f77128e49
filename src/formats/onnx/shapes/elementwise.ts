import type { DType } from '../../../model/dtype.js';
import type { Shape } from '../../../model/shape.js';
import type { NodeContext } from '../node-context.js';
import { dtypeOf } from '../stored-tensor.js';
import type { Inferred } from '../value.js';
import { words } from '../words.js';
import { asDType, broadcast, broadcastReader, canFold, fold } from './elements.js';
import type { Rules } from './rule.js';

type Unary = (x: number) => number;
type Binary = (a: number, b: number) => number;

/** Functions of one value whose results shapes are computed from; the others only keep their shape. */
const unaryFolds: Readonly<Record<string, Unary>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Neg: x => -x,
  Not: x => (x ? 0 : 1),
  Reciprocal: x => 1 / x,
  Relu: x => Math.max(x, 0),
  Round: roundToEven,
  Sign: Math.sign,
  Sqrt: Math.sqrt,
};

const numeric: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
};

const logical: Readonly<Record<string, Binary>> = {
  And: (a, b) => a && b,
  Or: (a, b) => a || b,
  Xor: (a, b) => Number(!a !== !b),
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
};

export const sameShape = (node: NodeContext): Inferred => ({ shape: node.input(0).shape });
const sameShapeAs =
  (dtype: DType) =>
  (node: NodeContext): Inferred => ({ shape: node.input(0).shape, dtype });

const unary =
  (apply: Unary) =>
  (node: NodeContext): Inferred => {
    const { shape, dtype } = node.input(0);
    const data = shape && canFold(shape) ? node.data(0) : undefined;
    return { shape, data: data?.map(x => asDType(apply(x), dtype)) };
  };

/** The broadcast shape of all inputs, and their elements joined two at a time where they are known. */
function joined(node: NodeContext, apply: Binary, dtype: DType): Inferred {
  const shapes = node.inputs.map((_, index) => node.shape(index));
  const shape = broadcastOf(node, shapes);
  const data = canFold(shape) ? allData(node) : undefined;
  if (data === undefined) return { shape, dtype };
  const readers = data.map((values, index) => broadcastReader(values, shapes[index]!));
  return {
    shape,
    dtype,
    data: fold(shape, place => asDType(readers.map(read => read(place)).reduce(apply), dtype)),
  };
}

/** The elements of every input; the first that is not known ends the search, before stored ones are read. */
function allData(node: NodeContext): readonly (readonly number[])[] | undefined {
  const all: (readonly number[])[] = [];
  for (const value of node.inputs) {
    const data = value?.data();
    if (data === undefined) return undefined;
    all.push(data);
  }
  return all.length > 0 ? all : undefined;
}

/** Before opset 7 the second tensor is stretched to the first (`broadcast`, `axis`), never the other way. */
function broadcastOf(node: NodeContext, shapes: readonly Shape[]): Shape {
  if (node.opset < 7 && shapes.length === 2) return shapes[0]!;
  return broadcast(shapes) ?? node.disagree('They cannot be stretched to one shape.', ...shapes);
}

const joining = (apply: Binary, dtype?: DType) => (node: NodeContext) =>
  joined(node, apply, dtype ?? node.input(0).dtype);

export const broadcastAll = (node: NodeContext): Inferred => ({
  shape: broadcastOf(
    node,
    node.inputs.map((_, index) => node.shape(index)),
  ),
});

const where = (node: NodeContext): Inferred => {
  const shapes = [0, 1, 2].map(index => node.shape(index));
  const shape = broadcastOf(node, shapes);
  const { dtype } = node.input(1);
  const [condition, yes, no] = [0, 1, 2].map(index => (canFold(shape) ? node.data(index) : undefined));
  if (!condition || !yes || !no) return { shape, dtype };
  const [test, a, b] = [condition, yes, no].map((data, index) => broadcastReader(data, shapes[index]!));
  return { shape, dtype, data: fold(shape, place => (test!(place) ? a!(place) : b!(place))) };
};

const cast = (node: NodeContext): Inferred => {
  const dtype = node.op === 'CastLike' ? node.input(1).dtype : dtypeOf(node.int('to') ?? 1);
  const { shape } = node.input(0);
  const data = shape && canFold(shape) ? node.data(0) : undefined;
  return { shape, dtype, data: data?.map(x => asDType(x, dtype)) };
};

const clip = (node: NodeContext): Inferred => {
  const { shape } = node.input(0);
  const least =
    node.data(1)?.[0] ?? (node.inputs[1] ? undefined : node.float('min', Number.NEGATIVE_INFINITY));
  const most =
    node.data(2)?.[0] ?? (node.inputs[2] ? undefined : node.float('max', Number.POSITIVE_INFINITY));
  const data = shape && canFold(shape) ? node.data(0) : undefined;
  if (data === undefined || least === undefined || most === undefined) return { shape };
  return { shape, data: data.map(x => Math.min(Math.max(x, least), most)) };
};

/** The sign follows the divisor, or with `fmod` the dividend. */
const mod = (node: NodeContext) =>
  joined(
    node,
    node.int('fmod', 0) === 1 ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b),
    node.input(0).dtype,
  );

const identity = (node: NodeContext): Inferred => {
  const { shape, data, items } = node.input(0);
  return { shape, data: shape && canFold(shape) ? data() : undefined, items };
};

/** Dropout passes its input on; where asked, with the mask. */
const dropout = (node: NodeContext): readonly Inferred[] => [
  identity(node),
  { shape: node.input(0).shape, dtype: node.opset < 10 ? node.input(0).dtype : 'bool' },
];

const keepShape = words(`
  Acos Acosh Asin Asinh Atan Atanh Celu Cos Cosh Elu Erf Gelu HardSigmoid HardSwish Hardmax LeakyRelu
  LogSoftmax Mish Selu Shrink Sigmoid Sin Sinh Softmax Softplus Softsign Swish Tan Tanh ThresholdedRelu
  Bernoulli BitwiseNot CumSum CumProd ImageScaler ParametricSoftplus Scale ScaledTanh Trilu PRelu BitShift
  Affine
`);

export const elementwise: Rules = {
  ...Object.fromEntries(keepShape.map(op => [op, sameShape])),
  ...Object.fromEntries(Object.entries(unaryFolds).map(([op, apply]) => [op, unary(apply)])),
  ...Object.fromEntries(Object.entries(numeric).map(([op, apply]) => [op, joining(apply)])),
  ...Object.fromEntries(Object.entries(logical).map(([op, apply]) => [op, joining(apply, 'bool')])),
  Sum: joining((a, b) => a + b),
  Mean: broadcastAll,
  Mod: mod,
  BitwiseAnd: broadcastAll,
  BitwiseOr: broadcastAll,
  BitwiseXor: broadcastAll,
  IsInf: sameShapeAs('bool'),
  IsNaN: sameShapeAs('bool'),
  Where: where,
  Cast: cast,
  CastLike: cast,
  BitCast: node => ({ shape: node.input(0).shape, dtype: dtypeOf(node.int('to') ?? 1) }),
  Clip: clip,
  Identity: identity,
  Dropout: dropout,
};

/** Halves go to the even neighbour, as ONNX and IEEE 754 have it. */
function roundToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
