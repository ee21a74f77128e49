import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { i32 } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import { stageParameters } from './runtime.js';

/** One axis of a map with room around it: `before` zeros, the input from its first element, zeros up to `size`. */
export interface PaddedAxis {
  readonly input: number;
  readonly before: number;
  readonly size: number;
}

/** A channels-last map `[batch, ...axes, channels]`, padded with zeros. */
export interface PaddedMap {
  readonly batch: number;
  readonly channels: number;
  readonly axes: readonly PaddedAxis[];
}

/** Whether a kernel can read the input itself: nothing before it is needed, and nothing past its end. */
export const needsCopy = ({ axes }: PaddedMap): boolean =>
  axes.some(({ input, before, size }) => before > 0 || size > input);

/** The sizes that kernels address: of the padded copy, or of the input where there is no copy. */
export const addressedSizes = (map: PaddedMap): readonly number[] =>
  map.axes.map(axis => (needsCopy(map) ? axis.size : axis.input));

/** Bytes of one step along each axis, and of a whole map, in what the kernel addresses. */
export function mapStrides(sizes: readonly number[], channels: number): { axes: number[]; map: number } {
  const axes: number[] = [];
  let stride = channels * floatBytes;
  for (const size of sizes.toReversed()) {
    axes.unshift(stride);
    stride *= size;
  }
  return { axes, map: stride };
}

/** Every place of a grid, innermost axis fastest. */
export function* gridPlaces(sizes: readonly number[]): Generator<readonly number[]> {
  const [size, ...inner] = sizes;
  if (size === undefined) {
    yield [];
    return;
  }
  for (let at = 0; at < size; at++) for (const rest of gridPlaces(inner)) yield [at, ...rest];
}

const rowCount = ({ batch, axes }: PaddedMap): number =>
  axes.slice(0, -1).reduce((rows, { size }) => rows * size, batch);

/** Bytes of the padded copy. */
export const paddedBytes = (map: PaddedMap): number =>
  rowCount(map) * map.axes.at(-1)!.size * map.channels * floatBytes;

/** For each row of the copy the byte where its input row starts, or -1 where it is all padding. */
function sourceRows({ batch, channels, axes }: PaddedMap): Int32Array {
  const outer = axes.slice(0, -1);
  const strides = mapStrides(
    axes.map(axis => axis.input),
    channels,
  );
  const rows: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (const place of gridPlaces(outer.map(axis => axis.size))) {
      const source = place.map((at, axis) => at - outer[axis]!.before);
      const isInside = source.every((at, axis) => at >= 0 && at < outer[axis]!.input);
      const offset = source.reduce((sum, at, axis) => sum + at * strides.axes[axis]!, image * strides.map);
      rows.push(isInside ? offset : -1);
    }
  }
  return Int32Array.from(rows);
}

/** The copy as a stage: what to emit, its table, and how many items it has. */
export function paddedCopy(map: PaddedMap) {
  return {
    items: rowCount(map),
    table: sourceRows(map),
    emit: (module: ModuleBuilder, name: string): FunctionBuilder => emitPaddedCopy(module, name, map),
  };
}

/** Emits the stage `(begin, end, worker, input, output, sourceRows)`; an item is a row of the copy. */
function emitPaddedCopy(module: ModuleBuilder, name: string, { channels, axes }: PaddedMap): FunctionBuilder {
  const pixelBytes = channels * floatBytes;
  const { input: width, before, size } = axes.at(-1)!;
  const copied = Math.max(Math.min(width, size - before), 0);
  const zerosBefore = Math.min(before, size) * pixelBytes;
  const copiedBytes = copied * pixelBytes;
  const rowBytes = size * pixelBytes;

  const parameters = [...stageParameters, 'input', 'output', 'sourceRows'] as const;
  return module.define(name, parameters, (f, { begin, end, input, output, sourceRows }) => {
    const row = f.int();
    const target = f.int();
    const source = f.int();
    f.range(row, begin, end, () => {
      f.set(target, i32.add(output, i32.multiply(row, rowBytes)));
      f.set(source, i32.load(i32.add(sourceRows, i32.multiply(row, 4))));
      f.when(
        i32.equal(source, -1),
        () => f.zeroBytes(target, rowBytes),
        () => {
          if (zerosBefore > 0) f.zeroBytes(target, zerosBefore);
          f.copyBytes(i32.add(target, zerosBefore), i32.add(input, source), copiedBytes);
          const rest = rowBytes - zerosBefore - copiedBytes;
          if (rest > 0) f.zeroBytes(i32.add(target, zerosBefore + copiedBytes), rest);
        },
      );
    });
  });
}
