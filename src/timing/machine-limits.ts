import { type PeakProbe, peakProbes, type StreamProbe, streamProbe } from '../engines/wasm/probes.js';
import { median } from './statistics.js';

/** What one core does at best, in the 128-bit vectors of WebAssembly: the ceiling for kernels. */
export interface MachineLimits {
  /** 10^9 multiply-adds of float32 a second, by how they are computed; absent: the runtime has it not. */
  readonly gmacsPerSecond: Readonly<Partial<Record<PeakProbe['arithmetic'], number>>>;
  /** The faster of them; 0 without SIMD. */
  readonly peakGmacsPerSecond: number;
  readonly bandwidth: readonly Bandwidth[];
}

/** 10^9 bytes a second, read and written together, over arrays of a size. */
export interface Bandwidth {
  readonly arrayBytes: number;
  readonly copyGBPerSecond: number;
  /** `a = b + 3 c`. */
  readonly triadGBPerSecond: number;
}

/** First and second level cache, last level, memory. */
const arraySizes = [16_384, 262_144, 4_194_304, 67_108_864] as const;
const rounds = 7;

/**
 * Measures the limits, in about half a second on one core. Kernels are compared with limits of the same run:
 * a shared machine changes its speed from minute to minute.
 *
 * @param now milliseconds from any fixed moment
 */
export function measureMachineLimits(now: () => number): MachineLimits {
  const peaks = peakProbes();
  if (peaks.length === 0) return { gmacsPerSecond: {}, peakGmacsPerSecond: 0, bandwidth: [] };
  const gmacsPerSecond = Object.fromEntries(
    peaks.map(({ arithmetic, macs, run }) => [arithmetic, macs / bestMs(now, run, 60) / 1e6]),
  );
  const stream = streamProbe(arraySizes.at(-1)!);
  return {
    gmacsPerSecond,
    peakGmacsPerSecond: Math.max(...Object.values(gmacsPerSecond)),
    bandwidth: arraySizes.map(size => measureBandwidth(now, stream, size)),
  };
}

function measureBandwidth(now: () => number, { copy, triad }: StreamProbe, arrayBytes: number): Bandwidth {
  const passes = Math.max(Math.round(8_388_608 / arrayBytes), 1);
  const gbPerSecond = (work: StreamProbe['copy'], arrays: number): number =>
    (arrays * arrayBytes * passes) / bestMs(now, () => work(arrayBytes, passes), 40) / 1e6;
  return { arrayBytes, copyGBPerSecond: gbPerSecond(copy, 2), triadGBPerSecond: gbPerSecond(triad, 3) };
}

/** The fastest of a few rounds, each the median of its runs: the machine at its best, but no stray reading. */
function bestMs(now: () => number, work: () => void, budgetMs: number): number {
  const medians: number[] = [];
  for (let warmup = 0; warmup < 3; warmup++) work();
  const begin = now();
  while (medians.length < rounds && (medians.length < 2 || now() - begin < budgetMs)) {
    const runs: number[] = [];
    const roundBegin = now();
    while (runs.length < 3 || now() - roundBegin < budgetMs / rounds) {
      const start = now();
      work();
      runs.push(now() - start);
      if (runs.length >= 3 && now() - begin > budgetMs) break;
    }
    medians.push(median(runs));
  }
  return Math.min(...medians);
}
