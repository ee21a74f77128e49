import type { Shape } from '../../../model/shape.js';
import type { NodeContext } from '../node-context.js';
import { type Inferred, NotKnown } from '../value.js';
import { asDType, canFold, fold, sizeOf, stridesOf } from './elements.js';
import type { Rules } from './rule.js';

/** Reductions whose results shapes are computed from. */
const folds: Readonly<Record<string, (values: readonly number[]) => number>> = {
  ReduceProd: values => values.reduce((product, value) => product * value, 1),
  ReduceSum: values => values.reduce((sum, value) => sum + value, 0),
  ReduceMax: values => Math.max(...values),
  ReduceMin: values => Math.min(...values),
};

/** Axes stand in an attribute, from opset 13 (sum) or 18 on in an input; none means all. */
const reduce = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const given = node.axesFrom(1);
  const none = given === undefined || given.length === 0;
  if (none && node.int('noop_with_empty_axes', 0) === 1) return { shape };
  const axes = none ? undefined : given.map(axis => node.axis(axis, shape.length, 'axes'));
  const isReduced = (axis: number) => axes === undefined || axes.includes(axis);
  const keep = node.int('keepdims', 1) === 1;
  const result = shape.flatMap((size, axis) => (isReduced(axis) ? (keep ? [1] : []) : [size]));
  const combine = folds[node.op];
  const data = combine && canFold(shape) && !shape.includes(0) ? node.data(0) : undefined;
  const groups = data && groupsOf(data, shape, isReduced);
  return { shape: result, data: groups?.map(values => asDType(combine!(values), node.input(0).dtype)) };
};

/** The elements that are reduced to one, for each one that is left. */
function groupsOf(data: readonly number[], shape: Shape, isReduced: (axis: number) => boolean): number[][] {
  const kept = shape.map((size, axis) => (isReduced(axis) ? 1 : size));
  const steps = stridesOf(kept).map((step, axis) => (isReduced(axis) ? 0 : step));
  const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  let at = 0;
  fold(shape, place =>
    groups[steps.reduce((sum, step, axis) => sum + step * place[axis]!, 0)]!.push(data[at++]!),
  );
  return groups;
}

const argument = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const axis = node.axis(node.int('axis', 0), shape.length);
  return {
    shape: node.int('keepdims', 1) === 1 ? shape.with(axis, 1) : shape.toSpliced(axis, 1),
    dtype: 'i64',
  };
};

/** How many is an attribute before opset 10. */
const topK = (node: NodeContext): readonly Inferred[] => {
  const shape = node.shape(0);
  const axis = node.axis(node.int('axis', -1), shape.length);
  const k = node.int('k') ?? node.values(1)[0] ?? 0;
  if (k < 0 || k > shape[axis]!)
    node.refuse('k', k, `a number up to ${shape[axis]}, the size of axis ${axis}`);
  const result = shape.with(axis, k);
  return [{ shape: result }, { shape: result, dtype: 'i64' }];
};

const dependsOnData = (what: string) => () => {
  throw new NotKnown(`${what} depends on the data`);
};

const loss = (node: NodeContext): readonly Inferred[] => [
  { shape: node.text('reduction', 'mean') === 'none' ? node.input(1).shape : [] },
  { shape: node.input(0).shape },
];

export const reductions: Rules = {
  ...Object.fromEntries(
    ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'].map(kind => [
      `Reduce${kind}`,
      reduce,
    ]),
  ),
  ArgMax: argument,
  ArgMin: argument,
  TopK: topK,
  Unique: dependsOnData('how many elements differ'),
  NonMaxSuppression: dependsOnData('how many boxes are left'),
  NegativeLogLikelihoodLoss: loss,
  SoftmaxCrossEntropyLoss: loss,
};
