import type { FunctionBuilder } from './assembler/function.js';
import { f32x4, type Local, type Vector } from './assembler/values.js';

/**
 * Winograd's minimal filtering F(m, 3): `m` outputs of a 3-tap filter from `m + 2` products, where the plain
 * way takes `3 m`. Nested in two dimensions: `(m + 2)^2` in place of `9 m^2`.
 *
 *     outputs = output * ((filter * taps) o (input * inputs))        o: element by element
 *
 * Rows 1 and 2, 3 and 4, ... belong to an interpolation point and its negative; the first row is the point 0,
 * the last one infinity. Matrices: A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural
 * Networks", arXiv:1509.09308; those of F(6, 3) follow its construction with points 0, +-1, +-2, +-1/2.
 */
export interface Winograd {
  readonly outputs: number;
  readonly inputs: number;
  /** `B` transposed, `inputs x inputs`. */
  readonly input: Matrix;
  /** `G`, `inputs x 3`. */
  readonly filter: Matrix;
  /** `A` transposed, `outputs x inputs`. */
  readonly output: Matrix;
}

type Matrix = readonly (readonly number[])[];

export type WinogradSize = 2 | 4 | 6;

export const winograds: Readonly<Record<WinogradSize, Winograd>> = {
  2: {
    outputs: 2,
    inputs: 4,
    input: [
      [1, 0, -1, 0],
      [0, 1, 1, 0],
      [0, -1, 1, 0],
      [0, 1, 0, -1],
    ],
    filter: [
      [1, 0, 0],
      [1 / 2, 1 / 2, 1 / 2],
      [1 / 2, -1 / 2, 1 / 2],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 0],
      [0, 1, -1, -1],
    ],
  },
  4: {
    outputs: 4,
    inputs: 6,
    input: [
      [4, 0, -5, 0, 1, 0],
      [0, -4, -4, 1, 1, 0],
      [0, 4, -4, -1, 1, 0],
      [0, -2, -1, 2, 1, 0],
      [0, 2, -1, -2, 1, 0],
      [0, 4, 0, -5, 0, 1],
    ],
    filter: [
      [1 / 4, 0, 0],
      [-1 / 6, -1 / 6, -1 / 6],
      [-1 / 6, 1 / 6, -1 / 6],
      [1 / 24, 1 / 12, 1 / 6],
      [1 / 24, -1 / 12, 1 / 6],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 1, 1, 0],
      [0, 1, -1, 2, -2, 0],
      [0, 1, 1, 4, 4, 0],
      [0, 1, -1, 8, -8, 1],
    ],
  },
  6: {
    outputs: 6,
    inputs: 8,
    input: [
      [1, 0, -21 / 4, 0, 21 / 4, 0, -1, 0],
      [0, 1, 1, -17 / 4, -17 / 4, 1, 1, 0],
      [0, -1, 1, 17 / 4, -17 / 4, -1, 1, 0],
      [0, 1 / 2, 1 / 4, -5 / 2, -5 / 4, 2, 1, 0],
      [0, -1 / 2, 1 / 4, 5 / 2, -5 / 4, -2, 1, 0],
      [0, 2, 4, -5 / 2, -5, 1 / 2, 1, 0],
      [0, -2, 4, 5 / 2, -5, -1 / 2, 1, 0],
      [0, -1, 0, 21 / 4, 0, -21 / 4, 0, 1],
    ],
    filter: [
      [1, 0, 0],
      [-2 / 9, -2 / 9, -2 / 9],
      [-2 / 9, 2 / 9, -2 / 9],
      [1 / 90, 1 / 45, 2 / 45],
      [1 / 90, -1 / 45, 2 / 45],
      [32 / 45, 16 / 45, 8 / 45],
      [32 / 45, -16 / 45, 8 / 45],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 1, 1, 1, 1, 0],
      [0, 1, -1, 2, -2, 1 / 2, -1 / 2, 0],
      [0, 1, 1, 4, 4, 1 / 4, 1 / 4, 0],
      [0, 1, -1, 8, -8, 1 / 8, -1 / 8, 0],
      [0, 1, 1, 16, 16, 1 / 16, 1 / 16, 0],
      [0, 1, -1, 32, -32, 1 / 32, -1 / 32, 1],
    ],
  },
};

/** First rows of the pairs that belong to a point and its negative. */
const pairs = ({ inputs }: Winograd): number[] =>
  Array.from({ length: inputs / 2 - 1 }, (_, pair) => 2 * pair + 1);

/**
 * Emits `input * x`. The rows of a point and its negative are the sum and the difference of one even and
 * one odd part, each computed once.
 */
export function emitInputTransform(
  f: FunctionBuilder,
  winograd: Winograd,
  x: readonly Local<'v128'>[],
  [even, odd]: readonly [Local<'v128'>, Local<'v128'>],
  store: (row: number, value: Vector) => void,
): void {
  const { input, inputs } = winograd;
  for (const row of [0, inputs - 1]) {
    emitSum(f, even, input[row]!, x);
    store(row, even);
  }
  for (const row of pairs(winograd)) {
    const plus = input[row]!;
    const minus = input[row + 1]!;
    emitSum(
      f,
      even,
      plus.map((factor, at) => (factor + minus[at]!) / 2),
      x,
    );
    emitSum(
      f,
      odd,
      plus.map((factor, at) => (factor - minus[at]!) / 2),
      x,
    );
    store(row, f32x4.add(even, odd));
    store(row + 1, f32x4.subtract(even, odd));
  }
}

/**
 * Emits `output * x`, the first `count` rows. The columns of a point and its negative have the same factors
 * up to sign, so their sum and difference stand for them; `x` is overwritten with these.
 */
export function emitOutputTransform(
  f: FunctionBuilder,
  winograd: Winograd,
  x: readonly Local<'v128'>[],
  sum: Local<'v128'>,
  count: number,
  store: (row: number, value: Local<'v128'>) => void,
): void {
  for (const column of pairs(winograd)) {
    f.set(sum, f32x4.add(x[column]!, x[column + 1]!));
    f.set(x[column + 1]!, f32x4.subtract(x[column]!, x[column + 1]!));
    f.set(x[column]!, sum);
  }
  for (let row = 0; row < count; row++) {
    const factors = [...winograd.output[row]!];
    for (const column of pairs(winograd)) {
      const isEven = factors[column] === factors[column + 1];
      factors[isEven ? column + 1 : column] = 0;
      if (!isEven) factors[column + 1] = -factors[column + 1]!;
    }
    emitSum(f, sum, factors, x);
    store(row, sum);
  }
}

/** `target = sum of factor * x`; a factor of 1 or -1 is an addition. */
function emitSum(
  f: FunctionBuilder,
  target: Local<'v128'>,
  factors: readonly number[],
  x: readonly Local<'v128'>[],
): void {
  const terms = factors.map((factor, at) => ({ factor, value: x[at]! })).filter(({ factor }) => factor !== 0);
  const first = terms.find(({ factor }) => factor === 1) ?? terms[0]!;
  f.set(target, first.factor === 1 ? first.value : f32x4.multiply(first.value, f32x4.splat(first.factor)));
  for (const term of terms) {
    if (term === first) continue;
    if (term.factor === 1) f.set(target, f32x4.add(target, term.value));
    else if (term.factor === -1) f.set(target, f32x4.subtract(target, term.value));
    else f.accumulate(target, term.value, f32x4.splat(term.factor));
  }
}
