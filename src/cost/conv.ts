import type { ConvGeometry } from '../model/conv.js';
import { exactProduct, safeNumber } from '../model/exact.js';
import { channelPairs } from '../model/macs.js';
import type { WindowAxis } from '../model/window.js';

/**
 * The multiply-accumulates that touch a real input element and a kept output element: padding taps, and
 * the taps of a transposed convolution that padding cuts away, are left out. Exact, in closed form.
 */
export const convMacsInBounds = (geometry: ConvGeometry): number =>
  exactProduct('macs in bounds', [
    ...channelPairs(geometry),
    ...geometry.axes.map(axis => tapsInBounds(axis, geometry.transposed)),
  ]);

/** Learnable values: K * (C / G) * prod(k), and K more with a bias. */
export const convParams = ({ inChannels, outChannels, groups, axes }: ConvGeometry, bias: boolean): number =>
  exactProduct('params', [outChannels, inChannels / groups, ...axes.map(axis => axis.kernel)]) +
  (bias ? outChannels : 0);

/** N * K * prod(out), which no count of macs contains. */
export const convBiasAdds = ({ batch, outChannels, axes }: ConvGeometry): number =>
  exactProduct('bias adds', [batch, outChannels, ...axes.map(axis => axis.output)]);

/** The (coarse position, tap) pairs of one axis whose fine position exists. */
function tapsInBounds(axis: WindowAxis, transposed: boolean): number {
  const [coarse, fine] = transposed ? [axis.input, axis.output] : [axis.output, axis.input];
  const pairsBelow = (limit: number) =>
    countPairsBelow(limit, coarse, axis.stride, axis.kernel, axis.dilation);
  return safeNumber('taps in bounds', pairsBelow(axis.padBegin + fine) - pairsBelow(axis.padBegin));
}

/** How many (c, t) with 0 <= c < coarse and 0 <= t < taps have c * stride + t * dilation < limit. */
function countPairsBelow(
  limit: number,
  coarse: number,
  stride: number,
  taps: number,
  dilation: number,
): bigint {
  // Taps whose window fits whole, and taps that reach below the limit at all.
  const whole = clamp(Math.floor((limit - 1 - (coarse - 1) * stride) / dilation) + 1, 0, taps);
  const reaching = clamp(Math.ceil(limit / dilation), whole, taps);
  // Tap t of those between has ceil((limit - t * dilation) / stride) positions; count from the last one.
  const between = reaching - whole;
  const least = limit - (reaching - 1) * dilation + stride - 1;
  return (
    BigInt(whole) * BigInt(coarse) +
    (between > 0 ? floorSum(BigInt(between), BigInt(dilation), BigInt(least), BigInt(stride)) : 0n)
  );
}

/** The sum of floor((a * i + b) / m) over 0 <= i < n, by Euclid's algorithm (Graham, Knuth, Patashnik, 3.5). */
function floorSum(n: bigint, a: bigint, b: bigint, m: bigint): bigint {
  let sum = 0n;
  for (;;) {
    sum += (n * (n - 1n) * (a / m)) / 2n + n * (b / m);
    const last = (a % m) * n + (b % m);
    if (last < m) return sum;
    [n, b, m, a] = [last / m, last % m, a % m, m];
  }
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
