import type { ConvGeometry } from '../../model/conv.js';
import type { Winograd } from '../../model/winograd.js';
import type { GemmShape } from './gemm.js';

/** Transforms 3x3 filters, one after the other, in float64. */
class FilterTransform {
  /** `G * taps * G^T` of the last filter, `inputs x inputs`. */
  readonly values: Float64Array;
  readonly #factors: Float64Array;
  readonly #half: Float64Array;
  readonly #inputs: number;

  constructor({ filter, inputs }: Winograd) {
    this.values = new Float64Array(inputs * inputs);
    this.#factors = Float64Array.from(filter.flat());
    this.#half = new Float64Array(3 * inputs);
    this.#inputs = inputs;
  }

  /** @param first where the nine taps start */
  transform(taps: Float32Array, first: number): void {
    const inputs = this.#inputs;
    const factors = this.#factors;
    const half = this.#half;
    for (let row = 0; row < inputs; row++) {
      for (let column = 0; column < 3; column++) {
        half[row * 3 + column] =
          factors[row * 3]! * taps[first + column]! +
          factors[row * 3 + 1]! * taps[first + 3 + column]! +
          factors[row * 3 + 2]! * taps[first + 6 + column]!;
      }
    }
    for (let row = 0; row < inputs; row++) {
      for (let column = 0; column < inputs; column++) {
        this.values[row * inputs + column] =
          factors[column * 3]! * half[row * 3]! +
          factors[column * 3 + 1]! * half[row * 3 + 1]! +
          factors[column * 3 + 2]! * half[row * 3 + 2]!;
      }
    }
  }
}

/**
 * Transforms every filter of `[outChannels, inChannels, 3, 3]` and packs it for the product of the planes, as
 * `packGemmWeights` does: `[plane][panel][inChannels][columns]`. Computed in float64, rounded once.
 */
export function packFilters(
  { inChannels, outChannels }: ConvGeometry,
  weights: Float32Array,
  winograd: Winograd,
  { panelColumns }: GemmShape,
  target: Float32Array,
): void {
  const planes = winograd.inputs ** 2;
  const planeFloats = target.length / planes;
  const filter = new FilterTransform(winograd);
  let at = 0;
  for (let from = 0; from < outChannels; from += panelColumns) {
    const count = Math.min(panelColumns, outChannels - from);
    const width = Math.ceil(count / 4) * 4;
    for (let channel = 0; channel < inChannels; channel++, at += width) {
      for (let column = 0; column < count; column++) {
        filter.transform(weights, ((from + column) * inChannels + channel) * 9);
        for (let plane = 0; plane < planes; plane++) {
          target[plane * planeFloats + at + column] = filter.values[plane]!;
        }
      }
    }
  }
}

/** How many outputs of a layer the error is tried on: channels, and tiles of each. */
const triedChannels = 4;
const triedTiles = 2;

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
  const filter = new FilterTransform(winograd);
  const random = seeded();
  let error = 0;
  let largest = Number.MIN_VALUE;
  for (let tile = 0; tile < triedTiles; tile++) {
    const sums = Array.from({ length: triedChannels }, () => new Float32Array(planes));
    const exact = Array.from({ length: triedChannels }, () => new Float64Array(outputs ** 2));
    for (let channel = 0; channel < inChannels; channel++) {
      const patch = Float32Array.from({ length: planes }, () => Math.max(random(), 0));
      const values = transformBoth(winograd.input, patch, inputs);
      for (let tried = 0; tried < triedChannels; tried++) {
        const out = Math.floor((tried * outChannels) / triedChannels);
        const first = (out * inChannels + channel) * 9;
        filter.transform(weights, first);
        const planeSums = sums[tried]!;
        for (let plane = 0; plane < planes; plane++) {
          planeSums[plane]! += Math.fround(filter.values[plane]!) * values[plane]!;
        }
        addPlainSums(patch, inputs, weights, first, exact[tried]!, outputs);
      }
    }
    for (let tried = 0; tried < triedChannels; tried++) {
      const computed = transformBoth(winograd.output, sums[tried]!, inputs);
      for (const [at, value] of exact[tried]!.entries()) {
        error = Math.max(error, Math.abs(computed[at]! - value));
        largest = Math.max(largest, Math.abs(value));
      }
    }
  }
  return error / largest;
}

/** `matrix * values * matrix^T`, rounded to float32 after every addition. */
function transformBoth(
  matrix: readonly (readonly number[])[],
  values: Float32Array,
  size: number,
): Float32Array {
  const rows = matrix.length;
  const half = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < size; at++) {
      const factor = matrix[row]![at]!;
      for (let column = 0; column < size; column++) {
        half[row * size + column]! += factor * values[at * size + column]!;
      }
    }
  }
  const result = new Float32Array(rows * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < rows; column++) {
      for (let at = 0; at < size; at++) {
        result[row * rows + column]! += matrix[column]![at]! * half[row * size + at]!;
      }
    }
  }
  return result;
}

/** Adds what a channel gives to each output of a tile. */
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
