import type { ConvGeometry } from '../../src/model/conv.js';
import type { WindowAxis } from '../../src/model/window.js';

/** One value of a tensor by the letters of its axes, whatever order they are stored in. */
type At = (position: Readonly<Record<string, number>>) => number;

/** Reads row-major values whose axes `layout` names. */
export const reader =
  (values: readonly number[], shape: readonly number[], layout: string): At =>
  position =>
    values[[...layout].reduce((index, letter, axis) => index * shape[axis]! + position[letter]!, 0)]!;

/**
 * Every output value by the sum that textbooks print, one index at a time: y[n, o, p] is the sum over input
 * channels c of the group and taps k of x[n, c, q] * w[o, c, k]. For a convolution q = p * stride + k *
 * dilation - begin; for a transposed one p = q * stride + k * dilation - begin. Slow, and written apart from
 * the engines.
 *
 * @returns values in the order N, C, then the spatial axes
 */
export function textbookConv(geometry: ConvGeometry, x: At, w: At, bias: readonly number[]): number[] {
  const { transposed, batch, inChannels, outChannels, groups, axes } = geometry;
  const letters = 'DHW'.slice(3 - axes.length);
  const [groupIn, groupOut] = [inChannels / groups, outChannels / groups];
  const result: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outChannels; o++) {
      for (const p of positions(axes.map(axis => axis.output))) {
        let sum = bias[o] ?? 0;
        for (const k of positions(axes.map(axis => axis.kernel))) {
          const q = axes.map((axis, i) => (transposed ? backwards : forwards)(axis, p[i]!, k[i]!));
          if (q.some((at, i) => !Number.isInteger(at) || at < 0 || at >= axes[i]!.input)) continue;
          for (let c = 0; c < groupIn; c++) {
            const channel = Math.floor(o / groupOut) * groupIn + c;
            const place = transposed ? { I: channel, O: o % groupOut } : { I: c, O: o };
            sum += x({ N: n, C: channel, ...named(letters, q) }) * w({ ...place, ...named(letters, k) });
          }
        }
        result.push(sum);
      }
    }
  }
  return result;
}

const forwards = ({ stride, dilation, padBegin }: WindowAxis, p: number, k: number) =>
  p * stride + k * dilation - padBegin;
const backwards = ({ stride, dilation, padBegin }: WindowAxis, p: number, k: number) =>
  (p + padBegin - k * dilation) / stride;

const named = (letters: string, numbers: readonly number[]) =>
  Object.fromEntries([...letters].map((letter, i) => [letter, numbers[i]!]));

/** Every position of a grid, the last axis fastest. */
export const positions = (sizes: readonly number[]): number[][] =>
  sizes.reduce<number[][]>(
    (before, size) => before.flatMap(each => Array.from({ length: size }, (_, at) => [...each, at])),
    [[]],
  );
