import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { type Int, i32, type Local, minimum } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import { emitTile, TileRegisters, type TileShape } from './gemm-tile.js';
import { stageParameters } from './runtime.js';
import type { Tuning } from './tuning.js';

/**
 * A matrix product with addressing of its own: row `r` of the output is `rowPixels` pixels whose inputs start
 * at `rowTable[2 r]` and whose outputs start at `rowTable[2 r + 1]` (bytes). A pointwise convolution, a
 * convolution of any window, one phase of a transposed one, a dense layer and the planes of Winograd's
 * algorithm are all this product, with other strides.
 */
export interface GemmShape extends TileShape {
  readonly rows: number;
  readonly rowPixels: number;
  /** The last row may be shorter. */
  readonly lastRowPixels: number;
  /** Output columns of a group. */
  readonly columns: number;
  readonly panelColumns: Tuning['panelColumns'];
  readonly tilePixels: Tuning['tilePixels'];
  readonly groups: number;
  /** Bytes between the groups of the input and of the output. */
  readonly groupInputStride: number;
  readonly groupOutputStride: number;
  /** The input of a row block should stay in the second level cache while all panels pass over it. */
  readonly rowsPerBlock: number;
  /** Panels of one item: fewer make more items, for threads. */
  readonly panelsPerItem: number;
}

/** Values that are multiplied for one output. */
export const reductionLength = ({ reduction }: TileShape): number =>
  reduction.reduce((length, { count }) => length * count, 1);

/** Floats of the packed weights of one panel. */
const panelFloats = (shape: GemmShape, columns: number): number =>
  Math.ceil(columns / 4) * 4 * (reductionLength(shape) + (shape.bias ? 1 : 0));

const panelCounts = ({ columns, panelColumns, rows, rowsPerBlock, panelsPerItem }: GemmShape) => {
  const whole = Math.floor(columns / panelColumns);
  const tail = columns % panelColumns;
  const panels = whole + (tail > 0 ? 1 : 0);
  return {
    whole,
    tail,
    rowBlocks: Math.ceil(rows / rowsPerBlock),
    panelBlocks: Math.ceil(panels / panelsPerItem),
  };
};

/** Items that `emitGemm`'s stage divides its work into. */
export function gemmItems(shape: GemmShape): number {
  const { rowBlocks, panelBlocks } = panelCounts(shape);
  return shape.groups * rowBlocks * panelBlocks;
}

export const gemmTileName = ({ panelColumns, tilePixels }: GemmTile): string =>
  `${tilePixels[panelColumns / 4]}x${panelColumns}`;

export const gemmTile = ({ panelColumns, tilePixels }: Tuning): GemmTile => ({ panelColumns, tilePixels });

export type GemmTile = Pick<Tuning, 'panelColumns' | 'tilePixels'>;

const gemmParameters = [...stageParameters, 'input', 'weights', 'output', 'rowTable'] as const;

/** Emits the stage `(begin, end, worker, input, weights, output, rowTable)`. */
export function emitGemm(module: ModuleBuilder, name: string, shape: GemmShape): FunctionBuilder {
  const { groups, panelColumns, tilePixels, panelsPerItem, rows, rowsPerBlock } = shape;
  const { whole, tail, rowBlocks, panelBlocks } = panelCounts(shape);
  const panelBytes = panelFloats(shape, panelColumns) * floatBytes;
  const groupBytes = whole * panelBytes + (tail > 0 ? panelFloats(shape, tail) * floatBytes : 0);

  return module.define(name, gemmParameters, (f, { begin, end, input, weights, output, rowTable }) => {
    const registers = new TileRegisters(f, Math.max(...tilePixels.map((most, vectors) => most * vectors)), 4);
    const item = f.int();
    const block = f.int();
    const row = f.int();
    const rowBegin = f.int();
    const rowEnd = f.int();
    const panels = f.int();
    const panelsDone = f.int();
    const panel = f.int();
    const groupInput = f.int();
    const panelOutput = f.int();
    const pixels = new PixelLoop(f, registers, shape, panel);

    /** All rows of the block under one panel of weights. */
    const panelOverRows = (columns: number): void =>
      f.range(row, rowBegin, rowEnd, () => {
        const entry = i32.add(rowTable, i32.multiply(row, 8));
        const start = {
          input: i32.add(groupInput, i32.load(entry)),
          output: i32.add(panelOutput, i32.load(entry, 4)),
        };
        if (shape.lastRowPixels === shape.rowPixels) return pixels.emit(start, shape.rowPixels, columns);
        f.when(
          i32.equal(row, rows - 1),
          () => pixels.emit(start, shape.lastRowPixels, columns),
          () => pixels.emit(start, shape.rowPixels, columns),
        );
      });

    f.range(item, begin, end, () => {
      const panelBlock = i32.remainder(item, panelBlocks);
      f.set(block, i32.divide(item, panelBlocks));
      const group = i32.divide(block, rowBlocks);
      f.set(rowBegin, i32.multiply(i32.remainder(block, rowBlocks), rowsPerBlock));
      f.set(rowEnd, i32.add(rowBegin, rowsPerBlock));
      f.set(rowEnd, minimum(rowEnd, rows));
      f.set(panel, i32.add(weights, i32.multiply(panelBlock, panelsPerItem * panelBytes)));
      f.set(groupInput, input);
      f.set(
        panelOutput,
        i32.add(output, i32.multiply(panelBlock, panelsPerItem * panelColumns * floatBytes)),
      );
      if (groups > 1) {
        f.advance(panel, i32.multiply(group, groupBytes));
        f.advance(groupInput, i32.multiply(group, shape.groupInputStride));
        f.advance(panelOutput, i32.multiply(group, shape.groupOutputStride));
      }
      f.set(panels, i32.subtract(whole, i32.multiply(panelBlock, panelsPerItem)));
      f.set(panels, minimum(panels, panelsPerItem));
      f.range(panelsDone, 0, panels, () => {
        panelOverRows(panelColumns);
        f.advance(panel, panelBytes);
        f.advance(panelOutput, panelColumns * floatBytes);
      });
      if (tail > 0) f.when(i32.equal(panelBlock, panelBlocks - 1), () => panelOverRows(tail));
    });
  });
}

/** Walks a row of pixels tile by tile, and what remains in one smaller tile. */
class PixelLoop {
  readonly #f: FunctionBuilder;
  readonly #registers: TileRegisters;
  readonly #shape: GemmShape;
  readonly #place: { input: Local<'i32'>; panel: Local<'i32'>; output: Local<'i32'> };
  readonly #end: Local<'i32'>;

  constructor(f: FunctionBuilder, registers: TileRegisters, shape: GemmShape, panel: Local<'i32'>) {
    this.#f = f;
    this.#registers = registers;
    this.#shape = shape;
    this.#place = { input: f.int(), panel, output: f.int() };
    this.#end = f.int();
  }

  emit(start: { input: Int; output: Int }, count: number, columns: number): void {
    const { inputStride, outputStride, tilePixels } = this.#shape;
    const { input, output } = this.#place;
    const f = this.#f;
    f.set(input, start.input);
    f.set(output, start.output);
    for (const { pixels, repeats } of evenTiles(count, tilePixels[Math.ceil(columns / 4)]!)) {
      f.set(this.#end, i32.add(output, repeats * pixels * outputStride));
      f.until(output, pixels * outputStride, this.#end, () => {
        emitTile(f, this.#registers, { pixels, columns }, this.#shape, this.#place);
        f.advance(input, pixels * inputStride);
      });
    }
  }
}

/**
 * Cuts a row into tiles of at most `largest` pixels, as even as it can be: 14 by 5 gives 5, 5, 4. A small tile
 * at the end would have too few sums to hide the latency of its additions.
 */
function evenTiles(count: number, largest: number): { pixels: number; repeats: number }[] {
  const tiles = Math.ceil(count / largest);
  const small = Math.floor(count / tiles);
  const larger = count % tiles;
  return [
    { pixels: small + 1, repeats: larger },
    { pixels: small, repeats: tiles - larger },
  ].filter(({ repeats }) => repeats > 0);
}

/** Where the weights of a product lie in the problem's own weights. */
export interface WeightLayout {
  readonly groupStride: number;
  readonly columnStride: number;
  /** For each step of the reduction, its distance from the first weight of the column. */
  readonly stepOffsets: Int32Array;
}

/**
 * Packs weights for `emitGemm`: by group, then by panel, the bias of its columns and then for each step of
 * the reduction the weights of its columns; a last panel is padded with zeros to a multiple of 4 columns.
 *
 * @param target receives the values, from its first element on
 */
export function packGemmWeights(
  { groups, columns, panelColumns, bias: hasBias }: GemmShape,
  { groupStride, columnStride, stepOffsets }: WeightLayout,
  [weights, bias]: readonly (Float32Array | undefined)[],
  target: Float32Array,
): void {
  let at = 0;
  for (let group = 0; group < groups; group++) {
    for (let from = 0; from < columns; from += panelColumns) {
      const count = Math.min(panelColumns, columns - from);
      const width = Math.ceil(count / 4) * 4;
      if (hasBias) {
        const first = group * columns + from;
        if (bias) target.set(bias.subarray(first, first + count), at);
        at += width;
      }
      const panel = group * groupStride + from * columnStride;
      for (let step = 0; step < stepOffsets.length; step++, at += width) {
        let weight = panel + stepOffsets[step]!;
        for (let column = 0; column < count; column++, weight += columnStride) {
          target[at + column] = weights![weight]!;
        }
      }
    }
  }
}

/** Floats that `packGemmWeights` writes. */
export function gemmWeightFloats(shape: GemmShape): number {
  const { whole, tail } = panelCounts(shape);
  return (
    shape.groups *
    (whole * panelFloats(shape, shape.panelColumns) + (tail > 0 ? panelFloats(shape, tail) : 0))
  );
}
