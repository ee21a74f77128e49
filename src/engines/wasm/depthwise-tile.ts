import type { FunctionBuilder } from './assembler/function.js';
import { f32x4, i32, int, type Local } from './assembler/values.js';
import { vectorBytes } from './bytes.js';
import { type Clamp, emitClamp } from './clamp.js';

/** Which taps of which output rows read one input row. */
export type RowUses = readonly { readonly outputRow: number; readonly tapRow: number }[];

/**
 * A band of output rows of a depthwise convolution: a few input rows go in, `outputRows` rows come out.
 * Channels of a pixel are contiguous; the band may be a slice of a map with more channels.
 */
export interface DepthwiseBand {
  readonly outputRows: number;
  /** Pixels of an output row that a block computes at once. */
  readonly blockPixels: number;
  /** For each input row of the band, in the order of the row pointers. */
  readonly inputRows: readonly RowUses[];
  /** Taps of the whole kernel, and of one row of it. */
  readonly taps: number;
  readonly columns: { readonly kernel: number; readonly dilation: number; readonly stride: number };
  /** Pixels of an input row; a tap before or past them reads nothing. */
  readonly inputWidth: number;
  readonly padBegin: number;
  readonly outputWidth: number;
  readonly channels: number;
  readonly inputPixelBytes: number;
  readonly outputPixelBytes: number;
  readonly outputRowBytes: number;
  readonly clamp: Clamp;
}

/** Packed weights of four channels: the bias, then each tap. */
export const depthwiseVectorBytes = (taps: number): number => (taps + 1) * vectorBytes;

/**
 * Packs depthwise weights `[channels, taps]` as `[channels / 4][bias, ...taps][4]`, the last vector padded
 * with zeros.
 */
export function packDepthwise(
  weights: Float32Array,
  bias: Float32Array | undefined,
  channels: number,
): Float32Array {
  const taps = weights.length / channels;
  const packed = new Float32Array(Math.ceil(channels / 4) * 4 * (taps + 1));
  for (let channel = 0; channel < channels; channel++) {
    const at = (channel >> 2) * 4 * (taps + 1) + (channel & 3);
    packed[at] = bias?.[channel] ?? 0;
    for (let tap = 0; tap < taps; tap++) packed[at + 4 * (tap + 1)] = weights[channel * taps + tap]!;
  }
  return packed;
}

/** A run of blocks of the same size that may share code: only blocks away from the edges repeat. */
interface BlockRun {
  readonly first: number;
  readonly pixels: number;
  readonly repeats: number;
}

/**
 * Writes a band: pixel blocks outside, channels inside. A block keeps the sums of its pixels in registers
 * for four channels at a time, loads every input vector once and multiplies it into all sums that it
 * belongs to. Blocks at the left and right edge are code of their own, without the taps that fall outside.
 */
export class BandEmitter {
  readonly #f: FunctionBuilder;
  readonly #band: DepthwiseBand;
  readonly #sums: readonly Local<'v128'>[];
  readonly #taps: readonly Local<'v128'>[];
  readonly #input: Local<'v128'>;
  readonly #rowsAt: readonly Local<'i32'>[];
  readonly #weightsAt: Local<'i32'>;
  readonly #weightsEnd: Local<'i32'>;
  readonly #outputAt: Local<'i32'>;
  readonly #inputColumn: Local<'i32'>;
  readonly #outputColumn: Local<'i32'>;

  constructor(f: FunctionBuilder, band: DepthwiseBand) {
    this.#f = f;
    this.#band = band;
    this.#sums = f.vectors(band.outputRows * band.blockPixels);
    this.#taps = f.vectors(band.columns.kernel * Math.max(...band.inputRows.map(uses => uses.length)));
    this.#input = f.vector();
    this.#rowsAt = band.inputRows.map(() => f.int());
    this.#weightsAt = f.int();
    this.#weightsEnd = f.int();
    this.#outputAt = f.int();
    this.#inputColumn = f.int();
    this.#outputColumn = f.int();
  }

  /**
   * @param rows the first pixel of each input row
   * @param weights packed weights of the band's first channel
   * @param output the first pixel of the first output row
   */
  emit(rows: readonly Local<'i32'>[], weights: Local<'i32'>, output: Local<'i32'>): void {
    const f = this.#f;
    const { inputPixelBytes, outputPixelBytes } = this.#band;
    for (const run of blockRuns(this.#band)) {
      f.set(this.#inputColumn, int(this.#firstColumn(run) * inputPixelBytes));
      f.set(this.#outputColumn, i32.add(output, run.first * outputPixelBytes));
      f.repeat(run.repeats, () => {
        for (const [at, row] of rows.entries()) f.set(this.#rowsAt[at]!, i32.add(row, this.#inputColumn));
        f.set(this.#outputAt, this.#outputColumn);
        this.#channels(run, weights);
        f.advance(this.#inputColumn, run.pixels * this.#band.columns.stride * inputPixelBytes);
        f.advance(this.#outputColumn, run.pixels * outputPixelBytes);
      });
    }
  }

  /** The input column that row pointers stand at while a block is computed: its first one that exists. */
  #firstColumn({ first }: BlockRun): number {
    const { columns, padBegin, inputWidth } = this.#band;
    return Math.min(Math.max(first * columns.stride - padBegin, 0), inputWidth);
  }

  #channels(run: BlockRun, weights: Local<'i32'>): void {
    const f = this.#f;
    const { channels, taps } = this.#band;
    const whole = Math.floor(channels / 4);
    const step = depthwiseVectorBytes(taps);
    f.set(this.#weightsAt, weights);
    if (whole > 0) {
      f.set(this.#weightsEnd, i32.add(weights, whole * step));
      f.until(this.#weightsAt, step, this.#weightsEnd, () => {
        this.#block(run, 4);
        for (const row of this.#rowsAt) f.advance(row, vectorBytes);
        f.advance(this.#outputAt, vectorBytes);
      });
    }
    if (channels % 4 > 0) this.#block(run, channels % 4);
  }

  /** The sums of a block for up to four channels. */
  #block(run: BlockRun, lanes: number): void {
    const f = this.#f;
    const { inputRows, outputRows, blockPixels, outputPixelBytes, outputRowBytes, clamp } = this.#band;
    const sum = (row: number, pixel: number): Local<'v128'> => this.#sums[row * blockPixels + pixel]!;

    for (let row = 0; row < outputRows; row++) {
      for (let pixel = 0; pixel < run.pixels; pixel++) {
        f.set(sum(row, pixel), row + pixel === 0 ? f32x4.load(this.#weightsAt) : sum(0, 0));
      }
    }
    for (const [at, uses] of inputRows.entries()) {
      if (at > 0) f.splitBlock(this.#weightsAt);
      this.#inputRow(run, this.#rowsAt[at]!, uses, sum);
    }
    for (let row = 0; row < outputRows; row++) {
      for (let pixel = 0; pixel < run.pixels; pixel++) {
        emitClamp(f, sum(row, pixel), clamp);
        f.store(this.#outputAt, row * outputRowBytes + pixel * outputPixelBytes, sum(row, pixel), lanes);
      }
    }
  }

  /** Adds what one input row gives to the sums of a block. */
  #inputRow(
    run: BlockRun,
    rowAt: Local<'i32'>,
    uses: RowUses,
    sum: (row: number, pixel: number) => Local<'v128'>,
  ): void {
    const f = this.#f;
    const { columns, inputWidth, inputPixelBytes, padBegin } = this.#band;
    const { kernel, stride } = columns;
    for (const [use, { tapRow }] of uses.entries()) {
      for (let tap = 0; tap < kernel; tap++) {
        const offset = vectorBytes * (1 + tapRow * kernel + tap);
        f.set(this.#taps[use * kernel + tap]!, f32x4.load(this.#weightsAt, offset));
      }
    }
    const base = this.#firstColumn(run);
    const shift = run.first * stride - padBegin;
    for (const [column, pairs] of columnUses(run.pixels, columns)) {
      if (shift + column < 0 || shift + column >= inputWidth) continue;
      f.set(this.#input, f32x4.load(rowAt, (shift + column - base) * inputPixelBytes));
      for (const [use, { outputRow }] of uses.entries()) {
        for (const { pixel, tap } of pairs) {
          f.accumulate(sum(outputRow, pixel), this.#input, this.#taps[use * kernel + tap]!);
        }
      }
    }
  }
}

/** Cuts an output row into blocks; neighbours that touch no edge become one run. */
function blockRuns(band: DepthwiseBand): BlockRun[] {
  const { blockPixels, outputWidth, inputWidth, padBegin, columns } = band;
  const { kernel, stride, dilation } = columns;
  const runs: BlockRun[] = [];
  let isOpen = false;
  for (let first = 0; first < outputWidth; first += blockPixels) {
    const pixels = Math.min(blockPixels, outputWidth - first);
    const begin = first * stride - padBegin;
    const end = begin + (pixels - 1) * stride + (kernel - 1) * dilation;
    const isInside = begin >= 0 && end < inputWidth && pixels === blockPixels;
    const last = runs.at(-1);
    if (isInside && isOpen && last) runs[runs.length - 1] = { ...last, repeats: last.repeats + 1 };
    else runs.push({ first, pixels, repeats: 1 });
    isOpen = isInside;
  }
  return runs;
}

/** For each input column of a block, counted from its first: the pixels and taps that meet there. */
function columnUses(
  pixels: number,
  { kernel, stride, dilation }: DepthwiseBand['columns'],
): (readonly [number, readonly { readonly pixel: number; readonly tap: number }[]])[] {
  const uses = new Map<number, { pixel: number; tap: number }[]>();
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let tap = 0; tap < kernel; tap++) {
      const column = pixel * stride + tap * dilation;
      uses.set(column, [...(uses.get(column) ?? []), { pixel, tap }]);
    }
  }
  return [...uses].sort(([a], [b]) => a - b);
}
