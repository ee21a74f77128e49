import { expect, it } from 'vitest';
import { measureMachineLimits } from '../../src/timing/machine-limits.js';

it('finds a peak for every arithmetic, and a bandwidth for every level of the memory', () => {
  const limits = measureMachineLimits(() => performance.now());
  const peaks = Object.values(limits.gmacsPerSecond);
  expect(peaks.length).toBeGreaterThan(0);
  expect(limits.peakGmacsPerSecond).toBe(Math.max(...peaks));
  const positive = [...peaks, ...limits.bandwidth.flatMap(level => Object.values(level))];
  expect(positive.every(value => value > 0 && Number.isFinite(value))).toBe(true);
  expect(limits.bandwidth.map(({ arrayBytes }) => arrayBytes)).toEqual([
    16_384, 262_144, 4_194_304, 67_108_864,
  ]);
});
