/** Outputs up to this many values are shown and written whole. */
export const smallOutput = 64;

export interface OutputStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sum: number;
}

/** Of an output's values; sums in float64. An empty output has none: all null in JSON. */
export function outputStatistics(values: Float32Array): OutputStatistics {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { min, max, mean: sum / values.length, sum };
}
