import { median, medianAbsoluteDeviation } from './statistics.js';

export interface MeasureOptions {
  /** Milliseconds from any fixed moment, as `performance.now()`. */
  readonly now: () => number;
  /** Runs before the clock counts: compilers and caches settle. */
  readonly warmup: number;
  readonly runs: number;
}

export interface Timing {
  readonly medianMs: number;
  readonly madMs: number;
  readonly minMs: number;
  readonly runs: number;
}

/** Runs `work` `warmup + runs` times and sums up the last `runs`. */
export async function measure(work: () => void | Promise<void>, options: MeasureOptions): Promise<Timing> {
  const { now, warmup, runs } = options;
  const samplesMs: number[] = [];
  for (let turn = -warmup; turn < runs; turn++) {
    const start = now();
    const pending = work();
    if (pending) await pending;
    if (turn >= 0) samplesMs.push(now() - start);
  }
  return {
    medianMs: median(samplesMs),
    madMs: medianAbsoluteDeviation(samplesMs),
    minMs: Math.min(...samplesMs),
    runs,
  };
}
