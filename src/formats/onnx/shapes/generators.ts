import type { Shape } from '../../../model/shape.js';
import type { NodeContext } from '../node-context.js';
import { checkedShape, dtypeOf } from '../stored-tensor.js';
import { type Inferred, mostFolded } from '../value.js';
import { asDType, fold, sizeOf } from './elements.js';
import { sameShape } from './elementwise.js';
import type { Rules } from './rule.js';

const shapeOp = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const rank = shape.length;
  const place = (at: number) => Math.min(Math.max(at < 0 ? at + rank : at, 0), rank);
  const data = shape.slice(place(node.int('start', 0)), place(node.int('end', rank)));
  return { shape: [data.length], dtype: 'i64', data };
};

const sizeOp = (node: NodeContext): Inferred => ({ shape: [], dtype: 'i64', data: [sizeOf(node.shape(0))] });

/** Before opset 9 (`ConstantFill`) the shape may be an attribute. */
const constantOfShape = (node: NodeContext): Inferred => {
  const shape = checkedShape(node.ints('shape') ?? node.values(0), node.label);
  const value = node.attribute('value')?.tensor;
  const dtype = value ? dtypeOf(value.type) : 'f32';
  const filled = value === undefined ? 0 : node.tensorValue('value');
  return { shape, dtype, data: filled === undefined ? undefined : fold(shape, () => filled) };
};

const range = (node: NodeContext): Inferred => {
  const [start, limit, delta] = [0, 1, 2].map(index => node.values(index)[0] ?? 0) as [
    number,
    number,
    number,
  ];
  if (delta === 0) node.refuse('delta', delta, 'a step other than 0');
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  const { dtype } = node.input(0);
  const data =
    length <= mostFolded ? Array.from({ length }, (_, at) => asDType(start + at * delta, dtype)) : undefined;
  return { shape: [length], dtype, data };
};

const random = (node: NodeContext): Inferred => ({
  shape: checkedShape(node.ints('shape') ?? [], node.label),
  dtype: dtypeOf(node.int('dtype', 1)),
});

const eyeLike = (node: NodeContext): Inferred => {
  const type = node.int('dtype');
  return { shape: node.input(0).shape, dtype: type === undefined ? node.input(0).dtype : dtypeOf(type) };
};

const oneHot = (node: NodeContext): Inferred => {
  const indices = node.shape(0);
  const axis = node.axis(node.int('axis', -1), indices.length + 1);
  const depth = node.values(1)[0] ?? 0;
  return { shape: indices.toSpliced(axis, 0, Math.trunc(depth)), dtype: node.input(2).dtype };
};

const window = (node: NodeContext): Inferred => ({
  shape: [node.values(0)[0] ?? 0],
  dtype: dtypeOf(node.int('output_datatype', 1)),
});

const melWeights = (node: NodeContext): Inferred => {
  const [bins, length] = [node.values(0)[0] ?? 0, node.values(1)[0] ?? 0];
  return { shape: [Math.floor(length / 2) + 1, bins], dtype: dtypeOf(node.int('output_datatype', 1)) };
};

const affineGrid = (node: NodeContext): Inferred => {
  const [batch, , ...sizes] = node.values(1);
  return { shape: [batch ?? 1, ...sizes, sizes.length] satisfies Shape };
};

export const generators: Rules = {
  Shape: shapeOp,
  Size: sizeOp,
  ConstantOfShape: constantOfShape,
  ConstantFill: constantOfShape,
  Range: range,
  RandomNormal: random,
  RandomUniform: random,
  RandomNormalLike: sameShape,
  RandomUniformLike: sameShape,
  Multinomial: node => ({
    shape: [node.shape(0)[0] ?? 1, node.int('sample_size', 1)],
    dtype: dtypeOf(node.int('dtype', 6)),
  }),
  EyeLike: eyeLike,
  OneHot: oneHot,
  BlackmanWindow: window,
  HammingWindow: window,
  HannWindow: window,
  MelWeightMatrix: melWeights,
  AffineGrid: affineGrid,
};
