import type { NodeContext } from '../node-context.js';
import { type Inferred, NotKnown } from '../value.js';
import { canFold, elementAt, fold } from './elements.js';
import type { Rules } from './rule.js';

const gather = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const indices = node.shape(1);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const result = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const [data, at] = canFold(result) ? [node.data(0), node.data(1)] : [];
  if (data === undefined || at === undefined) return { shape: result };
  const size = shape[axis]!;
  const wrong = at.find(index => index < -size || index >= size);
  if (wrong !== undefined) node.refuse('indices', wrong, `a place on axis ${axis} of size ${size}`);
  return {
    shape: result,
    data: fold(result, place => {
      const index = elementAt(at, indices, place.slice(axis, axis + indices.length));
      const outer = place.slice(0, axis);
      const inner = place.slice(axis + indices.length);
      return elementAt(data, shape, [...outer, index < 0 ? index + size : index, ...inner]);
    }),
  };
};

const gatherNd = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const indices = node.shape(1);
  const depth = indices.at(-1) ?? 0;
  return { shape: [...indices.slice(0, -1), ...shape.slice(node.int('batch_dims', 0) + depth)] };
};

const compress = (node: NodeContext): Inferred => {
  const kept = node.values(1).reduce((sum, keep) => sum + (keep ? 1 : 0), 0);
  const axis = node.int('axis');
  const shape = node.shape(0);
  return { shape: axis === undefined ? [kept] : shape.with(node.axis(axis, shape.length), kept) };
};

/** Where the tensor is known, so is how many elements are not zero. */
const nonZero = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const data = node.data(0);
  if (data === undefined) throw new NotKnown('how many elements are not zero depends on the data');
  const places: (readonly number[])[] = [];
  fold(shape, place => (elementAt(data, shape, place) ? places.push([...place]) : 0));
  return {
    shape: [shape.length, places.length],
    dtype: 'i64',
    data: shape.flatMap((_, axis) => places.map(place => place[axis]!)),
  };
};

/** Parts of a tensor picked by place or by value. */
export const selection: Rules = {
  Gather: gather,
  GatherElements: node => ({ shape: node.input(1).shape }),
  GatherND: gatherNd,
  Compress: compress,
  NonZero: nonZero,
};
