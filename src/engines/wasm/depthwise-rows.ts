import { type ConvGeometry, convInput } from '../../model/conv.js';
import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { i32 } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import { linesCollide } from './cache.js';
import type { Clamp } from './clamp.js';
import { BandEmitter, type DepthwiseBand, type RowUses } from './depthwise-tile.js';
import { gridPlaces, mapStrides } from './padded-map.js';
import { kernelTaps } from './problems.js';
import { stageParameters } from './runtime.js';

/** The register block: rows of the output by pixels of a row. */
export interface DepthwiseBlock {
  readonly outputRows: number;
  readonly blockPixels: number;
}

/** A depthwise convolution as bands over the input itself. Channels are the output's; the multiplier is 1. */
export interface RowsPlan {
  readonly band: DepthwiseBand;
  readonly bands: number;
  /** For each band the byte where each of its input rows starts, or -1 for a row of padding. */
  readonly rowTable: Int32Array;
}

/** Whether the places that a block reads at the same time push each other out of the cache. */
function blockCollides(
  { axes, outChannels }: ConvGeometry,
  { outputRows, blockPixels }: DepthwiseBlock,
): boolean {
  const columns = axes.at(-1)!;
  const rows = bandRows({ axes }, outputRows).length;
  const width = (blockPixels - 1) * columns.stride + columns.kernel;
  return linesCollide(rows * width, outChannels * floatBytes);
}

/** The block, or one row of it: sharing the input rows between two needs rows without holes, in even number. */
export function possibleBlock({ axes }: ConvGeometry, block: DepthwiseBlock): DepthwiseBlock {
  const [rows, columns] = axes.slice(-2);
  const isShareable =
    axes.length === 2 &&
    rows!.dilation === 1 &&
    rows!.stride < rows!.kernel &&
    rows!.output % block.outputRows === 0 &&
    columns!.kernel <= 3;
  return isShareable ? block : { ...block, outputRows: 1 };
}

/** The first of the blocks whose lines stay in the cache; undefined where those of none do. */
export const fittingBlock = (
  geometry: ConvGeometry,
  blocks: readonly DepthwiseBlock[],
): DepthwiseBlock | undefined =>
  blocks.map(block => possibleBlock(geometry, block)).find(block => !blockCollides(geometry, block));

/** The block for rows that are read in place: where all collide, a single row is as good as any. */
export const bandBlock = (geometry: ConvGeometry, blocks: readonly DepthwiseBlock[]): DepthwiseBlock =>
  fittingBlock(geometry, blocks) ?? { ...blocks[0]!, outputRows: 1 };

/** For each input row of a band, in the order of its pointers, the output rows and taps that read it. */
export function bandRows({ axes }: Pick<ConvGeometry, 'axes'>, outputRows: number): readonly RowUses[] {
  const outer = axes.slice(0, -1);
  if (outputRows === 1) {
    const tapRows = kernelTaps({ axes: outer });
    return Array.from({ length: tapRows }, (_, tapRow) => [{ outputRow: 0, tapRow }]);
  }
  const { kernel, stride } = outer[0]!;
  return Array.from({ length: (outputRows - 1) * stride + kernel }, (_, row) =>
    Array.from({ length: outputRows }, (_, outputRow) => ({
      outputRow,
      tapRow: row - outputRow * stride,
    })).filter(({ tapRow }) => tapRow >= 0 && tapRow < kernel),
  );
}

export function planRows(geometry: ConvGeometry, block: DepthwiseBlock, clamp: Clamp): RowsPlan {
  const { axes, batch, outChannels: channels } = geometry;
  const inner = axes.at(-1)!;
  const outer = axes.slice(0, -1);
  const { outputRows } = block;
  const inputRows = bandRows(geometry, outputRows);
  const from = mapStrides(convInput(geometry).sizes, channels);
  const pixelBytes = channels * floatBytes;
  const band: DepthwiseBand = {
    ...block,
    inputRows,
    taps: kernelTaps(geometry),
    columns: inner,
    inputWidth: inner.input,
    padBegin: inner.padBegin,
    outputWidth: inner.output,
    channels,
    inputPixelBytes: pixelBytes,
    outputPixelBytes: pixelBytes,
    outputRowBytes: inner.output * pixelBytes,
    clamp,
  };

  // The rows that a band reads, counted from its first output row.
  const reads =
    outputRows === 1
      ? [...gridPlaces(outer.map(({ kernel }) => kernel))].map(taps =>
          taps.map((tap, i) => tap * outer[i]!.dilation),
        )
      : inputRows.map((_, row) => [row]);
  const steps = outer.map(({ output }, i) => (i === outer.length - 1 ? output / outputRows : output));
  const rowTable: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (const place of gridPlaces(steps)) {
      for (const read of reads) {
        const at = read.map((offset, i) => {
          const { stride, padBegin } = outer[i]!;
          const first = i === outer.length - 1 ? place[i]! * outputRows : place[i]!;
          return first * stride - padBegin + offset;
        });
        const isInside = at.every((row, i) => row >= 0 && row < outer[i]!.input);
        const offset = at.reduce((sum, row, i) => sum + row * from.axes[i]!, image * from.map);
        rowTable.push(isInside ? offset : -1);
      }
    }
  }
  return { band, bands: rowTable.length / reads.length, rowTable: Int32Array.from(rowTable) };
}

/** Emits the stage `(begin, end, worker, input, weights, output, rowTable, zeros)`; an item is a band. */
export function emitDepthwiseRows(module: ModuleBuilder, name: string, band: DepthwiseBand): FunctionBuilder {
  const parameters = [...stageParameters, 'input', 'weights', 'output', 'rowTable', 'zeros'] as const;
  return module.define(name, parameters, (f, { begin, end, input, weights, output, rowTable, zeros }) => {
    const item = f.int();
    const entry = f.int();
    const offset = f.int();
    const rowOutput = f.int();
    const rows = band.inputRows.map(() => f.int());
    const emitter = new BandEmitter(f, band);
    f.range(item, begin, end, () => {
      f.set(entry, i32.add(rowTable, i32.multiply(item, rows.length * 4)));
      for (const [at, row] of rows.entries()) {
        f.set(offset, i32.load(entry, 4 * at));
        f.set(row, i32.select(i32.equal(offset, -1), zeros, i32.add(input, offset)));
      }
      f.set(rowOutput, i32.add(output, i32.multiply(item, band.outputRows * band.outputRowBytes)));
      emitter.emit(rows, weights, rowOutput);
    });
  });
}

/** Bytes of zeros that stand in for a row of padding. */
export const zeroRowBytes = ({ inputWidth, inputPixelBytes }: DepthwiseBand): number =>
  inputWidth * inputPixelBytes;
