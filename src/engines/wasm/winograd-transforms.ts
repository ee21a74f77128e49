import type { Winograd } from '../../model/winograd.js';
import type { FunctionBuilder } from './assembler/function.js';
import { f32x4, type Local, type Vector } from './assembler/values.js';

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
