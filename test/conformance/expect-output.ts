import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { ExpectedSummary, ExpectedValues, Fixture } from './fixtures.js';
import type { FixtureRun } from './run-fixture.js';

/** Holds a run's values against a fixture's: all of them, or a summary of many. */
export function expectOutput(fixture: Fixture, run: FixtureRun): void {
  const { expected } = fixture;
  expect(run.shape, 'shape').toEqual(expected.shape);
  if ('data' in expected) expectValues(fixture, expected, run.values);
  else expectSummary(fixture, expected, run);
}

function expectValues(fixture: Fixture, { data }: ExpectedValues, values: Float32Array): void {
  expect(values.length, 'number of values').toBe(data.length);
  const wrong = data.findIndex((value, i) => !isNear(fixture, values[i]!, value));
  expect(wrong, wrong < 0 ? '' : `value ${wrong} is ${values[wrong]}, expected ${data[wrong]}`).toBe(-1);
}

/** `tolerance` of the fixture; `exact` ones have none. */
function isNear({ exact = false, tolerance }: Fixture, actual: number, expected: number): boolean {
  const allowed = exact ? 0 : tolerance.abs + tolerance.rel * Math.abs(expected);
  return Math.abs(actual - expected) <= allowed;
}

function expectSummary(fixture: Fixture, expected: ExpectedSummary, { values, kernels }: FixtureRun): void {
  const { sumAbs = 0, sumSqRel = 0 } = fixture.tolerance;
  const near = (what: string, actual: number, wanted: number) =>
    expect(isNear(fixture, actual, wanted), `${what} is ${actual}, expected ${wanted}`).toBe(true);
  expect(values.length, 'number of values').toBe(expected.count);
  for (const [i, value] of expected.first8.entries()) near(`value ${i}`, values[i]!, value);
  for (const [i, value] of expected.last8.entries()) near(`value ${i - 8}`, values.at(i - 8)!, value);
  near(
    'min',
    values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    expected.min,
  );
  near(
    'max',
    values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    expected.max,
  );
  const sum = values.reduce((total, value) => total + value, 0);
  const sumSq = values.reduce((total, value) => total + value * value, 0);
  expect(Math.abs(sum - expected.sum), 'error of the sum').toBeLessThanOrEqual(sumAbs);
  expect(Math.abs(sumSq / expected.sumSq - 1), 'error of the sum of squares').toBeLessThanOrEqual(sumSqRel);
  // Winograd's transforms round; every other order of the same additions gives the same bits.
  if (expected.sha256Float32LE === undefined || kernels.some(name => name.includes('winograd'))) return;
  expect(values.filter(value => value !== 0).length, 'values that are not zero').toBe(expected.nonZero);
  expect(sha256(values), 'SHA-256').toBe(expected.sha256Float32LE);
}

function sha256(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    // Minus zero counts as zero.
    bytes.setFloat32(i * 4, value + 0, true);
  });
  return createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex');
}
