import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { f32x4, i32 } from './assembler/values.js';
import { floatBytes, vectorBytes } from './bytes.js';
import { stageParameters } from './runtime.js';
import {
  imageOffset,
  inputRowFloats,
  planeBytes,
  planeChannels,
  rowsBytes,
  type WinogradShape,
} from './winograd-shape.js';
import { emitInputTransform } from './winograd-transforms.js';

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
  const planeStep = planeBytes(shape, inChannels);

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
          transform(channels / 4, pixelBytes, planeStep);
          f.advance(from, outputs * pixelBytes - channels * floatBytes);
        });
        f.advance(from, transformedBytes - tileColumns * outputs * pixelBytes);
        f.advance(to, inputs * planeStep - tileColumns * channels * floatBytes);
      });
    });
  });
}
