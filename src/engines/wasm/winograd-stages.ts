import type { Winograd } from '../../model/winograd.js';
import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { f32x4, type Int, i32, type Local } from './assembler/values.js';
import { floatBytes, vectorBytes } from './bytes.js';
import { type Clamp, emitClamp } from './clamp.js';
import { stageParameters } from './runtime.js';
import { emitInputTransform, emitOutputTransform } from './winograd-transforms.js';

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

export const blockTiles = ({ rowsPerBlock, tileColumns }: WinogradShape): number =>
  rowsPerBlock * tileColumns;

/** Floats of one row of the padded input, in whole vectors. */
const inputRowFloats = ({ paddedWidth, inChannels }: WinogradShape): number =>
  planeChannels(paddedWidth * inChannels);

const outputRowFloats = ({ tileColumns, outChannels }: WinogradShape): number =>
  tileColumns * planeChannels(outChannels);

/** Bytes of memory that a worker needs for rows that are transformed along one axis only. */
export const rowsBytes = (shape: WinogradShape): number => {
  const { inputs, outputs } = shape.winograd;
  return Math.max(inputs * inputRowFloats(shape), outputs * inputs * outputRowFloats(shape)) * floatBytes;
};

/**
 * Emits the stage `(begin, end, worker, input, planes, rows, firstRow)`: tile rows `firstRow + begin ...` of the
 * padded input become `planes[inputs * inputs][tiles of a block][channels]`. First down the columns, over
 * whole rows of memory, then along the rows.
 */
export function emitWinogradInput(
  module: ModuleBuilder,
  name: string,
  shape: WinogradShape,
): FunctionBuilder {
  const { winograd, tileRows, tileColumns, paddedWidth, paddedHeight, inChannels } = shape;
  const { inputs, outputs } = winograd;
  const channels = planeChannels(inChannels);
  const pixelBytes = inChannels * floatBytes;
  const rowBytes = paddedWidth * pixelBytes;
  const transformedBytes = inputRowFloats(shape) * floatBytes;
  const planeBytes = blockTiles(shape) * channels * floatBytes;

  const parameters = [...stageParameters, 'input', 'planes', 'rows', 'firstRow'] as const;
  return module.define(name, parameters, (f, { begin, end, worker, input, planes, rows, firstRow }) => {
    const ownRows = f.int(i32.add(rows, i32.multiply(worker, rowsBytes(shape))));
    const row = f.int();
    const tileRow = f.int();
    const from = f.int();
    const to = f.int();
    const last = f.int();
    const x = f.vectors(inputs);
    const parts = [f.vector(), f.vector()] as const;
    const value = f.vector();

    /** `count` vectors, each `inputs` values that are `stride` bytes apart, transformed to `toStride` apart. */
    const transform = (count: number, stride: number, toStride: number): void => {
      f.set(last, i32.add(to, count * vectorBytes));
      f.until(to, vectorBytes, last, () => {
        for (let at = 0; at < inputs; at++) f.set(x[at]!, f32x4.load(from, at * stride));
        emitInputTransform(f, winograd, x, parts, (at, sum) => {
          f.set(value, sum);
          f.store(to, at * toStride, value);
        });
        f.advance(from, vectorBytes);
      });
    };

    f.range(row, begin, end, () => {
      f.set(tileRow, i32.add(firstRow, row));
      f.set(
        from,
        imageOffset(input, tileRow, {
          tileRows,
          imageBytes: paddedHeight * rowBytes,
          tileRowBytes: outputs * rowBytes,
        }),
      );
      f.set(to, ownRows);
      transform(inputRowFloats(shape) / 4, rowBytes, transformedBytes);
      f.set(from, ownRows);
      f.set(to, i32.add(planes, i32.multiply(row, tileColumns * channels * floatBytes)));
      f.repeat(inputs, () => {
        f.repeat(tileColumns, () => {
          transform(channels / 4, pixelBytes, planeBytes);
          f.advance(from, outputs * pixelBytes - channels * floatBytes);
        });
        f.advance(from, transformedBytes - tileColumns * outputs * pixelBytes);
        f.advance(to, inputs * planeBytes - tileColumns * channels * floatBytes);
      });
    });
  });
}

/**
 * Emits the stage `(begin, end, worker, planes, rows, bias, output, firstRow)`: sums in
 * `planes[inputs * inputs][tiles of a block][channels]` become tile rows of the output, biased and clamped.
 */
export function emitWinogradOutput(
  module: ModuleBuilder,
  name: string,
  shape: WinogradShape,
): FunctionBuilder {
  const { winograd, tileRows, outChannels, outputHeight, outputWidth, clamp } = shape;
  const { inputs, outputs } = winograd;
  const channels = planeChannels(outChannels);
  const planeBytes = blockTiles(shape) * channels * floatBytes;
  const rowFloats = outputRowFloats(shape);
  const rowBytes = rowFloats * floatBytes;
  const pixelBytes = outChannels * floatBytes;
  const outputRowBytes = outputWidth * pixelBytes;

  const parameters = [...stageParameters, 'planes', 'rows', 'bias', 'output', 'firstRow'] as const;
  return module.define(
    name,
    parameters,
    (f, { begin, end, worker, planes, rows, bias, output, firstRow }) => {
      const ownRows = f.int(i32.add(rows, i32.multiply(worker, rowsBytes(shape))));
      const row = f.int();
      const tileRow = f.int();
      const from = f.int();
      const to = f.int();
      const last = f.int();
      const biasAt = f.int();
      const line = f.int();
      const lines = f.int();
      const x = f.vectors(inputs);
      const sum = f.vector();

      /** Down the columns: for each column of the tiles, `inputs` planes become `outputs` rows. */
      const alongColumns = (): void => {
        f.set(from, i32.add(planes, i32.multiply(row, rowBytes)));
        f.set(to, ownRows);
        f.repeat(inputs, () => {
          f.set(last, i32.add(to, rowBytes));
          f.until(to, vectorBytes, last, () => {
            for (let at = 0; at < inputs; at++) f.set(x[at]!, f32x4.load(from, at * inputs * planeBytes));
            emitOutputTransform(f, winograd, x, sum, outputs, (at, value) =>
              f.store(to, at * inputs * rowBytes, value),
            );
            f.advance(from, vectorBytes);
          });
          f.advance(from, planeBytes - rowBytes);
        });
      };

      /** Along a row: a tile's `inputs` values become `count` pixels of the output. */
      const tile = (count: number): void => {
        const vector = (lanes: number): void => {
          for (let at = 0; at < inputs; at++) f.set(x[at]!, f32x4.load(from, at * rowBytes));
          emitOutputTransform(f, winograd, x, sum, count, (at, value) => {
            f.set(value, f32x4.add(value, f32x4.load(biasAt)));
            emitClamp(f, value, clamp);
            f.store(to, at * pixelBytes, value, lanes);
          });
          f.advance(from, vectorBytes);
        };
        const whole = Math.floor(outChannels / 4);
        f.set(biasAt, bias);
        if (whole > 0) {
          f.set(last, i32.add(bias, whole * vectorBytes));
          f.until(biasAt, vectorBytes, last, () => {
            vector(4);
            f.advance(to, vectorBytes);
          });
        }
        if (outChannels % 4 > 0) vector(outChannels % 4);
        f.advance(to, count * pixelBytes - whole * vectorBytes);
      };

      f.range(row, begin, end, () => {
        f.set(tileRow, i32.add(firstRow, row));
        alongColumns();
        f.set(from, ownRows);
        f.set(
          to,
          imageOffset(output, tileRow, {
            tileRows,
            imageBytes: outputHeight * outputRowBytes,
            tileRowBytes: outputs * outputRowBytes,
          }),
        );
        // The last tile row of an image may reach past its end.
        f.set(
          lines,
          i32.select(
            i32.equal(i32.remainder(tileRow, tileRows), tileRows - 1),
            outputHeight - outputs * (tileRows - 1),
            outputs,
          ),
        );
        f.range(line, 0, lines, () => {
          const whole = Math.floor(outputWidth / outputs);
          f.repeat(whole, () => tile(outputs));
          if (outputWidth % outputs > 0) tile(outputWidth % outputs);
          f.advance(from, (inputs - 1) * rowBytes);
        });
      });
    },
  );
}

/** Where a tile row starts, counted over the images of a batch. */
const imageOffset = (
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
