export interface Difference {
  readonly maxAbsError: number;
  /** The largest error over the largest magnitude of what was expected. */
  readonly maxRelError: number;
}

/** How far an output is from what was expected; NaN where one is a number and the other is not. */
export function compareArrays(actual: Float32Array, expected: Float32Array): Difference {
  let maxAbsError = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    if (!(error <= maxAbsError)) maxAbsError = error;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return { maxAbsError, maxRelError: largest === 0 ? maxAbsError : maxAbsError / largest };
}
