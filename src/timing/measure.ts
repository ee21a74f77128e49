import { median, medianAbsoluteDeviation } from './statistics.js';

export interface MeasureOptions {
  /** Milliseconds from any fixed moment, as `performance.now()`. */
  readonly now: () => number;
  /** Runs before the clock counts: compilers and caches settle. */
  readonly warmup: number;
  readonly runs: number;
  /** No further run begins once the counted ones took this long. */
  readonly budgetMs?: number;
}

export interface Timing {
  readonly medianMs: number;
  readonly madMs: number;
  readonly minMs: number;
  readonly runs: number;
}

/** Runs `work` for warm-up, then up to `runs` times on the clock, at least once. */
export async function measure(work: () => void | Promise<void>, options: MeasureOptions): Promise<Timing> {
  const { now, warmup, runs, budgetMs = Number.POSITIVE_INFINITY } = options;
  const samplesMs: number[] = [];
  let spentMs = 0;
  for (let turn = -warmup; turn < runs && spentMs < budgetMs; turn++) {
    const start = now();
    const pending = work();
    if (pending) await pending;
    if (turn < 0) continue;
    samplesMs.push(now() - start);
    spentMs += samplesMs.at(-1)!;
  }
  return {
    medianMs: median(samplesMs),
    madMs: medianAbsoluteDeviation(samplesMs),
    minMs: Math.min(...samplesMs),
    runs: samplesMs.length,
  };
}
