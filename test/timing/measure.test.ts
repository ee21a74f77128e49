import { describe, expect, it } from 'vitest';
import { measure } from '../../src/timing/measure.js';
import { median, medianAbsoluteDeviation } from '../../src/timing/statistics.js';

/** Work that takes the given times, one after the other, on a clock of its own. */
function world(durations: readonly number[]) {
  let clock = 0;
  let turn = 0;
  return {
    now: () => clock,
    work: () => {
      clock += durations[turn++ % durations.length]!;
    },
    turns: () => turn,
  };
}

describe('measure', () => {
  it('leaves the warm-up out and sums up the rest', async () => {
    const { now, work } = world([500, 3, 1, 2, 100, 4]);
    expect(await measure(work, { now, warmup: 1, runs: 5 })).toEqual({
      medianMs: 3,
      madMs: 1,
      minMs: 1,
      runs: 5,
    });
  });

  it('begins no further run once the budget is spent, but always counts one', async () => {
    const { now, work, turns } = world([400]);
    expect((await measure(work, { now, warmup: 1, runs: 10, budgetMs: 300 })).runs).toBe(1);
    expect(turns()).toBe(2);
  });

  it('waits for work that is not done at once', async () => {
    let clock = 0;
    const work = async () => {
      await Promise.resolve();
      clock += 7;
    };
    expect((await measure(work, { now: () => clock, warmup: 0, runs: 3 })).medianMs).toBe(7);
  });
});

it('median and median absolute deviation', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1); // the example of Wikipedia's article
});
