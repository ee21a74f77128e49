import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { f32x4, i32, type Local } from './assembler/values.js';
import { floatBytes, vectorBytes } from './bytes.js';
import { emitClamp } from './clamp.js';
import { stageParameters } from './runtime.js';
import { imageOffset, outputRowFloats, planeBytes, rowsBytes, type WinogradShape } from './winograd-shape.js';
import { emitOutputTransform } from './winograd-transforms.js';

/**
 * Emits the stage `(begin, end, worker, planes, rows, bias, output, firstRow)`: sums in
 * `planes[inputs * inputs][tiles of a block][channels]` become tile rows of the output, biased and clamped.
 */
export function emitWinogradOutput(
  module: ModuleBuilder,
  name: string,
  shape: WinogradShape,
): FunctionBuilder {
  const { tileRows, outChannels, outputHeight, outputWidth } = shape;
  const { inputs, outputs } = shape.winograd;
  const rowBytes = outputRowFloats(shape) * floatBytes;
  const outputRowBytes = outputWidth * outChannels * floatBytes;

  const parameters = [...stageParameters, 'planes', 'rows', 'bias', 'output', 'firstRow'] as const;
  return module.define(
    name,
    parameters,
    (f, { begin, end, worker, planes, rows, bias, output, firstRow }) => {
      const ownRows = f.int(i32.add(rows, i32.multiply(worker, rowsBytes(shape))));
      const row = f.int();
      const tileRow = f.int();
      const pass: Pass = {
        from: f.int(),
        to: f.int(),
        last: f.int(),
        biasAt: f.int(),
        x: f.vectors(inputs),
        sum: f.vector(),
      };
      const line = f.int();
      const lines = f.int();

      f.range(row, begin, end, () => {
        f.set(tileRow, i32.add(firstRow, row));
        f.set(pass.from, i32.add(planes, i32.multiply(row, rowBytes)));
        f.set(pass.to, ownRows);
        emitColumns(f, shape, pass);
        f.set(pass.from, ownRows);
        f.set(
          pass.to,
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
          f.repeat(Math.floor(outputWidth / outputs), () => emitTile(f, shape, pass, bias, outputs));
          if (outputWidth % outputs > 0) emitTile(f, shape, pass, bias, outputWidth % outputs);
          f.advance(pass.from, (inputs - 1) * rowBytes);
        });
      });
    },
  );
}

/** What both passes work with: where they read and write, the values that are transformed, a sum of them. */
interface Pass {
  readonly from: Local<'i32'>;
  readonly to: Local<'i32'>;
  readonly last: Local<'i32'>;
  readonly biasAt: Local<'i32'>;
  readonly x: readonly Local<'v128'>[];
  readonly sum: Local<'v128'>;
}

/** Down the columns: for each column of the tiles, `inputs` planes become `outputs` rows. */
function emitColumns(f: FunctionBuilder, shape: WinogradShape, { from, to, last, x, sum }: Pass): void {
  const { winograd, outChannels } = shape;
  const { inputs, outputs } = winograd;
  const planeStep = planeBytes(shape, outChannels);
  const rowBytes = outputRowFloats(shape) * floatBytes;
  f.repeat(inputs, () => {
    f.set(last, i32.add(to, rowBytes));
    f.until(to, vectorBytes, last, () => {
      for (let at = 0; at < inputs; at++) f.set(x[at]!, f32x4.load(from, at * inputs * planeStep));
      emitOutputTransform(f, winograd, x, sum, outputs, (at, value) =>
        f.store(to, at * inputs * rowBytes, value),
      );
      f.advance(from, vectorBytes);
    });
    f.advance(from, planeStep - rowBytes);
  });
}

/** Along a row: a tile's `inputs` values become `count` pixels of the output. */
function emitTile(
  f: FunctionBuilder,
  shape: WinogradShape,
  { from, to, last, biasAt, x, sum }: Pass,
  bias: Local<'i32'>,
  count: number,
): void {
  const { winograd, outChannels, clamp } = shape;
  const rowBytes = outputRowFloats(shape) * floatBytes;
  const pixelBytes = outChannels * floatBytes;
  const vector = (lanes: number): void => {
    for (let at = 0; at < winograd.inputs; at++) f.set(x[at]!, f32x4.load(from, at * rowBytes));
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
}
