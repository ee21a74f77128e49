import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { f32x4, i32, type Local } from './assembler/values.js';
import { vectorBytes } from './bytes.js';
import { type Clamp, emitClamp } from './clamp.js';
import { depthwiseVectorBytes } from './depthwise-tile.js';
import { emitLoops, type Loop, mergeLoops } from './loops.js';
import { stageParameters } from './runtime.js';

const blockPixels = 4;

/** A depthwise convolution of any window, over a map that holds its padding. */
export interface TapsPlan {
  /** Taps in memory, outermost first. */
  readonly window: readonly Loop[];
  readonly taps: number;
  readonly channels: number;
  readonly outputWidth: number;
  /** Bytes between the first inputs of neighbouring pixels, and between their outputs. */
  readonly inputStride: number;
  readonly outputStride: number;
  readonly clamp: Clamp;
}

/**
 * Emits the stage `(begin, end, worker, input, weights, output, rowTable)`; an item is an output row, and
 * `rowTable[2 i]`, `[2 i + 1]` are the bytes where its inputs and its outputs start. Taps are loops, not code:
 * any kernel, at half the speed of the unrolled bands.
 */
export function emitDepthwiseTaps(module: ModuleBuilder, name: string, plan: TapsPlan): FunctionBuilder {
  const { window, taps, channels, outputWidth, inputStride, outputStride, clamp } = plan;
  const step = depthwiseVectorBytes(taps);
  const parameters = [...stageParameters, 'input', 'weights', 'output', 'rowTable'] as const;
  return module.define(name, parameters, (f, { begin, end, input, weights, output, rowTable }) => {
    const item = f.int();
    const inputAt = f.int();
    const outputAt = f.int();
    const weightsAt = f.int();
    const weightsEnd = f.int();
    const tapAt = f.int();
    const tapWeights = f.int();
    const runEnd = f.int();
    const sums = f.vectors(blockPixels);
    const tap = f.vector();

    const vector = (pixels: readonly Local<'v128'>[], lanes: number): void => {
      for (const sum of pixels) f.set(sum, f32x4.load(weightsAt));
      f.set(tapAt, inputAt);
      f.set(tapWeights, weightsAt);
      emitLoops(f, mergeLoops(window), tapAt, runEnd, () => {
        f.advance(tapWeights, vectorBytes);
        f.set(tap, f32x4.load(tapWeights));
        for (const [pixel, sum] of pixels.entries()) {
          f.accumulate(sum, f32x4.load(tapAt, pixel * inputStride), tap);
        }
      });
      for (const [pixel, sum] of pixels.entries()) {
        emitClamp(f, sum, clamp);
        f.store(outputAt, pixel * outputStride, sum, lanes);
      }
    };

    const block = (pixels: readonly Local<'v128'>[]): void => {
      const whole = Math.floor(channels / 4);
      f.set(weightsAt, weights);
      if (whole > 0) {
        f.set(weightsEnd, i32.add(weights, whole * step));
        f.until(weightsAt, step, weightsEnd, () => {
          vector(pixels, 4);
          f.advance(inputAt, vectorBytes);
          f.advance(outputAt, vectorBytes);
        });
      }
      if (channels % 4 > 0) vector(pixels, channels % 4);
      f.advance(inputAt, pixels.length * inputStride - whole * vectorBytes);
      f.advance(outputAt, pixels.length * outputStride - whole * vectorBytes);
    };

    f.range(item, begin, end, () => {
      const entry = i32.add(rowTable, i32.multiply(item, 8));
      f.set(inputAt, i32.add(input, i32.load(entry)));
      f.set(outputAt, i32.add(output, i32.load(entry, 4)));
      f.repeat(Math.floor(outputWidth / blockPixels), () => block(sums));
      if (outputWidth % blockPixels > 0) block(sums.slice(0, outputWidth % blockPixels));
    });
  });
}
