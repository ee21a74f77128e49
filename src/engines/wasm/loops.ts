import type { FunctionBuilder } from './assembler/function.js';
import { i32, type Local } from './assembler/values.js';

/** One level of a loop nest over memory: `count` steps of `stride` bytes. */
export interface Loop {
  readonly count: number;
  readonly stride: number;
}

/**
 * The same walk in fewer levels, outermost first: single steps vanish, and a level that continues where the
 * level inside it ends becomes one with it. The taps of a row and their channels, for example, are
 * contiguous in a channels-last map.
 */
export function mergeLoops(loops: readonly Loop[]): readonly Loop[] {
  const merged: Loop[] = [];
  for (const loop of loops.toReversed()) {
    const inner = merged.at(-1);
    if (loop.count === 1) continue;
    if (inner && inner.count * inner.stride === loop.stride) {
      merged[merged.length - 1] = { count: inner.count * loop.count, stride: inner.stride };
    } else {
      merged.push(loop);
    }
  }
  return merged.reverse();
}

/**
 * Walks `at` over the levels, outermost first, and does `step` at each place. `runEnd` is a variable for the
 * innermost level's own use.
 */
export function emitLoops(
  f: FunctionBuilder,
  levels: readonly Loop[],
  at: Local<'i32'>,
  runEnd: Local<'i32'>,
  step: () => void,
): void {
  const [level, ...inner] = levels;
  if (level === undefined) {
    step();
  } else if (inner.length === 0) {
    f.set(runEnd, i32.add(at, level.count * level.stride));
    f.until(at, level.stride, runEnd, step);
  } else {
    const walked = inner[0]!.count * inner[0]!.stride;
    f.repeat(level.count, () => {
      emitLoops(f, inner, at, runEnd, step);
      f.advance(at, level.stride - walked);
    });
  }
}
