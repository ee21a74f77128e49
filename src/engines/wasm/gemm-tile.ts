import type { FunctionBuilder } from './assembler/function.js';
import { f32x4, i32, type Local } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import { type Clamp, emitClamp } from './clamp.js';
import { emitLoops, type Loop, mergeLoops } from './loops.js';

/** What one tile computes: `pixels` rows of the output by up to `4 * vectors` columns. */
export interface TileShape {
  /**
   * How the inputs of a pixel lie in memory, in the order of the packed weights: taps, then channels.
   * Outermost first; the innermost level walks contiguous floats.
   */
  readonly reduction: readonly Loop[];
  /** Bytes between the inputs of neighbouring pixels, and between their outputs. */
  readonly inputStride: number;
  readonly outputStride: number;
  /** Whether packed weights start with a bias; else sums start at 0. */
  readonly bias: boolean;
  readonly clamp: Clamp;
}

/** The variables of a tile, shared by all tiles of a function. */
export class TileRegisters {
  readonly accumulators: readonly Local<'v128'>[];
  readonly weights: readonly Local<'v128'>[];
  readonly splat: Local<'v128'>;
  readonly inputAt: Local<'i32'>;
  readonly weightsAt: Local<'i32'>;
  readonly runEnd: Local<'i32'>;

  constructor(f: FunctionBuilder, accumulators: number, vectors: number) {
    this.accumulators = f.vectors(accumulators);
    this.weights = f.vectors(vectors);
    this.splat = f.vector();
    this.inputAt = f.int();
    this.weightsAt = f.int();
    this.runEnd = f.int();
  }
}

export interface TilePlace {
  /** First input of the first pixel. */
  readonly input: Local<'i32'>;
  /** A panel of packed weights: `[bias?][k][columns]`. */
  readonly panel: Local<'i32'>;
  readonly output: Local<'i32'>;
}

/**
 * Emits one register tile of a matrix product: `pixels x columns` outputs, each the bias and the sum over
 * the reduction of input times weight, clamped and stored.
 *
 * Every step of the reduction loads the weights of the columns once, splats one input value of each pixel,
 * and adds `pixels * vectors` products: loads stay below multiplies, and sums never leave their registers.
 */
export function emitTile(
  f: FunctionBuilder,
  registers: TileRegisters,
  { pixels, columns }: { pixels: number; columns: number },
  shape: TileShape,
  place: TilePlace,
): void {
  const { accumulators, weights, splat, inputAt, weightsAt, runEnd } = registers;
  const vectors = Math.ceil(columns / 4);
  const panelBytes = vectors * 4 * floatBytes;
  const sum = (pixel: number, vector: number): Local<'v128'> => accumulators[pixel * vectors + vector]!;

  for (let vector = 0; vector < vectors; vector++) {
    f.set(sum(0, vector), shape.bias ? f32x4.load(place.panel, 16 * vector) : f32x4.splat(0));
    for (let pixel = 1; pixel < pixels; pixel++) f.set(sum(pixel, vector), sum(0, vector));
  }
  f.set(inputAt, place.input);
  f.set(weightsAt, i32.add(place.panel, shape.bias ? panelBytes : 0));

  const step = (): void => {
    for (let vector = 0; vector < vectors; vector++) {
      f.set(weights[vector]!, f32x4.load(weightsAt, 16 * vector));
    }
    for (let pixel = 0; pixel < pixels; pixel++) {
      f.set(splat, f32x4.loadSplat(inputAt, pixel * shape.inputStride));
      for (let vector = 0; vector < vectors; vector++) {
        f.accumulate(sum(pixel, vector), splat, weights[vector]!);
      }
    }
    f.advance(weightsAt, panelBytes);
  };
  // A phase of a transposed convolution may have no tap at all: then the bias is the sum.
  const isEmpty = shape.reduction.some(({ count }) => count === 0);
  if (!isEmpty) emitLoops(f, mergeLoops(shape.reduction), inputAt, runEnd, step);

  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let vector = 0; vector < vectors; vector++) {
      const value = sum(pixel, vector);
      emitClamp(f, value, shape.clamp);
      f.store(place.output, pixel * shape.outputStride + 16 * vector, value, columns - 4 * vector);
    }
  }
}
