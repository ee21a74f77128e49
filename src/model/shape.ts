import { exactProduct } from './exact.js';

/** Sizes, outermost axis first. */
export type Shape = readonly number[];

/** How many elements a tensor of this shape holds. */
export function elementCount(shape: Shape): number {
  let product = 1;
  for (const size of shape) product *= size;
  // The name of the product is made only where it is refused: this is asked for every tensor, many times.
  return Number.isSafeInteger(product) ? product : exactProduct(`elements of ${formatShape(shape)}`, shape);
}

/** `112x112x32`, as the tokens write it. */
export const formatShape = (shape: Shape): string => (shape.length === 0 ? 'scalar' : shape.join('x'));

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);
