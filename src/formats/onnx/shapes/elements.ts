import type { DType } from '../../../model/dtype.js';
import type { Shape } from '../../../model/shape.js';
import { isFloat } from '../stored-tensor.js';
import { mostFolded } from '../value.js';

/** How many elements; unlike `elementCount` for shapes that are checked elsewhere. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const canFold = (shape: Shape): boolean => sizeOf(shape) <= mostFolded;

/** The step in row-major order that each axis takes. */
export function stridesOf(shape: Shape): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Makes the elements of a small tensor, row-major, from the place of each. */
export function fold(shape: Shape, element: (place: readonly number[]) => number): number[] | undefined {
  if (!canFold(shape)) return undefined;
  const place = new Array<number>(shape.length).fill(0);
  return Array.from({ length: sizeOf(shape) }, () => {
    const value = element(place);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++place[axis]! < shape[axis]!) break;
      place[axis] = 0;
    }
    return value;
  });
}

/** The element of a row-major tensor at a place. */
export const elementAt = (data: readonly number[], shape: Shape, place: readonly number[]): number =>
  data[stridesOf(shape).reduce((sum, step, axis) => sum + step * place[axis]!, 0)]!;

/** Reads `data` of a tensor of `shape` at a place of a tensor that it is broadcast to. */
export function broadcastReader(data: readonly number[], shape: Shape): (place: readonly number[]) => number {
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return place => {
    const skipped = place.length - shape.length;
    return data[strides.reduce((offset, stride, axis) => offset + stride * place[axis + skipped]!, 0)]!;
  };
}

/** The common shape of tensors that are stretched along axes of size 1; undefined where sizes disagree. */
export function broadcast(shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(0, ...shapes.map(shape => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const skipped = rank - shape.length;
    for (const [axis, size] of shape.entries()) {
      const place = axis + skipped;
      if (size === 1 || size === result[place]) continue;
      if (result[place] !== 1) return undefined;
      result[place] = size;
    }
  }
  return result;
}

/** A computed number as a tensor of this dtype would hold it. */
export function asDType(value: number, dtype: DType): number {
  if (dtype === 'bool') return value ? 1 : 0;
  if (dtype === 'f64') return value;
  return isFloat(dtype) ? Math.fround(value) : Math.trunc(value);
}
