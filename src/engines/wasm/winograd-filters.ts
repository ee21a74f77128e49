import type { ConvGeometry } from '../../model/conv.js';
import { type GemmShape, gemmWeightPlaces } from './gemm.js';
import type { Winograd } from './winograd-transforms.js';

/** A 3x3 filter, transformed: `G * taps * G^T`, `inputs x inputs` values into `target`. */
function transformFilter(
  { filter, inputs }: Winograd,
  taps: ArrayLike<number>,
  first: number,
  target: Float64Array,
  half: Float64Array,
): void {
  for (let row = 0; row < inputs; row++) {
    const [a, b, c] = filter[row] as [number, number, number];
    for (let column = 0; column < 3; column++) {
      half[row * 3 + column] =
        a * taps[first + column]! + b * taps[first + 3 + column]! + c * taps[first + 6 + column]!;
    }
  }
  for (let column = 0; column < inputs; column++) {
    const [a, b, c] = filter[column] as [number, number, number];
    for (let row = 0; row < inputs; row++) {
      target[row * inputs + column] = a * half[row * 3]! + b * half[row * 3 + 1]! + c * half[row * 3 + 2]!;
    }
  }
}

/**
 * Transforms every filter of `[outChannels, inChannels, 3, 3]` and packs it for the product of the planes.
 * Computed in float64, rounded once.
 */
export function packFilters(
  { inChannels, outChannels }: ConvGeometry,
  weights: Float32Array,
  winograd: Winograd,
  product: GemmShape,
  target: Float32Array,
): void {
  const planes = winograd.inputs ** 2;
  const { groupFloats, placeOf } = gemmWeightPlaces(product);
  const transformed = new Float64Array(planes);
  const half = new Float64Array(3 * winograd.inputs);
  for (let out = 0; out < outChannels; out++) {
    for (let channel = 0; channel < inChannels; channel++) {
      transformFilter(winograd, weights, (out * inChannels + channel) * 9, transformed, half);
      const place = placeOf(out, channel);
      for (let plane = 0; plane < planes; plane++) target[plane * groupFloats + place] = transformed[plane]!;
    }
  }
}

/** How many outputs of a layer the error is tried on. */
const triedChannels = 4;
const triedTiles = 4;

/**
 * The error of Winograd's algorithm in float32, on a layer's own filters, relative to the largest output seen:
 * a few tiles of seeded inputs, as they come out of a ReLU, against the plain sum in float64. Few outputs
 * have a smaller largest one than a whole layer has, so this rather exceeds the error of a run.
 */
export function winogradError(
  { inChannels, outChannels }: ConvGeometry,
  weights: Float32Array,
  winograd: Winograd,
): number {
  const { inputs, outputs } = winograd;
  const planes = inputs ** 2;
  const half = new Float64Array(3 * inputs);
  const filter = new Float64Array(planes);
  const random = seeded();
  let error = 0;
  let largest = Number.MIN_VALUE;
  for (let tile = 0; tile < triedTiles; tile++) {
    const out = Math.floor((tile * outChannels) / triedTiles);
    for (let next = 0; next < triedChannels; next++) {
      const sums = new Float32Array(planes);
      const exact = new Float64Array(outputs ** 2);
      for (let channel = 0; channel < inChannels; channel++) {
        const first = (((out + next) % outChannels) * inChannels + channel) * 9;
        const patch = Float32Array.from({ length: planes }, () => Math.max(random(), 0));
        transformFilter(winograd, weights, first, filter, half);
        const values = transformBoth(winograd.input, patch, inputs);
        for (let plane = 0; plane < planes; plane++)
          sums[plane]! += Math.fround(filter[plane]!) * values[plane]!;
        addPlainSums(patch, inputs, weights, first, exact, outputs);
      }
      const computed = transformBoth(winograd.output, sums, inputs);
      for (const [at, value] of exact.entries()) {
        error = Math.max(error, Math.abs(computed[at]! - value));
        largest = Math.max(largest, Math.abs(value));
      }
    }
  }
  return error / largest;
}

/** `matrix * values * matrix^T`, rounded to float32 after every operation. */
function transformBoth(
  matrix: readonly (readonly number[])[],
  values: Float32Array,
  size: number,
): Float32Array {
  const rows = matrix.length;
  const half = new Float32Array(rows * size);
  for (const [row, factors] of matrix.entries()) {
    for (let column = 0; column < size; column++) {
      for (const [at, factor] of factors.entries())
        half[row * size + column]! += factor * values[at * size + column]!;
    }
  }
  const result = new Float32Array(rows * rows);
  for (const [column, factors] of matrix.entries()) {
    for (let row = 0; row < rows; row++) {
      for (const [at, factor] of factors.entries())
        result[row * rows + column]! += factor * half[row * size + at]!;
    }
  }
  return result;
}

function addPlainSums(
  patch: Float32Array,
  inputs: number,
  taps: Float32Array,
  first: number,
  sums: Float64Array,
  outputs: number,
): void {
  for (let row = 0; row < outputs; row++) {
    for (let column = 0; column < outputs; column++) {
      for (let tap = 0; tap < 9; tap++) {
        const at = (row + Math.floor(tap / 3)) * inputs + column + (tap % 3);
        sums[row * outputs + column]! += patch[at]! * taps[first + tap]!;
      }
    }
  }
}

/** Numbers in -1 .. 1, the same every time. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x8000_0000 - 1;
  };
}
