import { elementCount, type Shape } from '../model/shape.js';

/**
 * Values brought from one order of axes into another.
 *
 * @param values row-major, of shape `shape`, whose axes the letters of `from` name
 * @param to the same letters in the order wanted
 */
export function permute(values: ArrayLike<number>, shape: Shape, from: string, to: string): Float32Array {
  if (from === to) return Float32Array.from(values);
  const strides = new Map<string, number>();
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides.set(from[axis]!, stride);
    stride *= shape[axis]!;
  }
  const sizes = Array.from(to, letter => shape[from.indexOf(letter)]!);
  const steps = Array.from(to, letter => strides.get(letter)!);
  const result = new Float32Array(elementCount(shape));
  const position = sizes.map(() => 0);
  let source = 0;
  for (let index = 0; index < result.length; index++) {
    result[index] = values[source]!;
    // Count up, innermost axis first, as an odometer does.
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      source += steps[axis]!;
      if (++position[axis]! < sizes[axis]!) break;
      position[axis] = 0;
      source -= steps[axis]! * sizes[axis]!;
    }
  }
  return result;
}
