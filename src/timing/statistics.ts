/** The middle value; of an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median absolute deviation: a spread that outliers do not move (Hampel 1974). */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const center = median(values);
  return median(values.map(value => Math.abs(value - center)));
}

export interface Summary {
  readonly mean: number;
  readonly stddev: number;
  readonly median: number;
  readonly mad: number;
  readonly min: number;
  readonly max: number;
}

/** In the unit of `times`; the standard deviation is of the sample (n - 1). */
export function summarise(times: readonly number[]): Summary {
  const mean = times.reduce((a, b) => a + b, 0) / times.length;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return {
    mean,
    stddev: times.length > 1 ? Math.sqrt(squares / (times.length - 1)) : 0,
    median: median(times),
    mad: medianAbsoluteDeviation(times),
    min: Math.min(...times),
    max: Math.max(...times),
  };
}

export interface RelativeSpeed {
  readonly ratio: number;
  readonly error: number;
}

/**
 * How many times longer `slow` takes than `fast`, by the ratio in each round: what slows one round slows both
 * of its samples. The error is the rounds' median absolute deviation.
 */
export function relativeTime(slow: readonly number[], fast: readonly number[]): RelativeSpeed {
  const rounds = Math.min(slow.length, fast.length);
  const ratios = Array.from({ length: rounds }, (_, round) => slow[round]! / fast[round]!);
  return { ratio: median(ratios), error: medianAbsoluteDeviation(ratios) };
}
