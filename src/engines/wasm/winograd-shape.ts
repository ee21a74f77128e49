import type { Winograd } from '../../model/winograd.js';
import { type Int, i32, type Local } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import type { Clamp } from './clamp.js';

/**
 * The sizes of a Winograd convolution. Tiles of `outputs x outputs` cover the output; a tile row is the tiles
 * side by side; a block is the tile rows that are transformed, multiplied and transformed back together.
 */
export interface WinogradShape {
  readonly winograd: Winograd;
  readonly tileRows: number;
  readonly tileColumns: number;
  readonly rowsPerBlock: number;
  /** Pixels of a row of the padded input. */
  readonly paddedWidth: number;
  readonly paddedHeight: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly clamp: Clamp;
}

/** Channels in the planes are padded to whole vectors. */
export const planeChannels = (channels: number): number => Math.ceil(channels / 4) * 4;

/** Bytes of one plane of a block: a value of every tile in every channel. */
export const planeBytes = ({ rowsPerBlock, tileColumns }: WinogradShape, channels: number): number =>
  rowsPerBlock * tileColumns * planeChannels(channels) * floatBytes;

/** Floats of one row of the padded input, in whole vectors. */
export const inputRowFloats = ({ paddedWidth, inChannels }: WinogradShape): number =>
  planeChannels(paddedWidth * inChannels);

/** Floats of a row of tiles, of one of their values each. */
export const outputRowFloats = ({ tileColumns, outChannels }: WinogradShape): number =>
  tileColumns * planeChannels(outChannels);

/** Bytes of memory that a worker needs for rows that are transformed along one axis only. */
export const rowsBytes = (shape: WinogradShape): number => {
  const { inputs, outputs } = shape.winograd;
  return Math.max(inputs * inputRowFloats(shape), outputs * inputs * outputRowFloats(shape)) * floatBytes;
};

/** Where a tile row starts, counted over the images of a batch. */
export const imageOffset = (
  base: Int,
  tileRow: Local<'i32'>,
  { tileRows, imageBytes, tileRowBytes }: { tileRows: number; imageBytes: number; tileRowBytes: number },
): Int =>
  i32.add(
    base,
    i32.add(
      i32.multiply(i32.divide(tileRow, tileRows), imageBytes),
      i32.multiply(i32.remainder(tileRow, tileRows), tileRowBytes),
    ),
  );
