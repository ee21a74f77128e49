import { describe, expect, it } from 'vitest';
import { type Contestant, interleave } from '../../src/timing/interleave.js';
import { relativeTime, summarise } from '../../src/timing/statistics.js';
import { describeWarning, findWarnings } from '../../src/timing/warnings.js';

/** A clock that work moves, and a log of who ran. */
function world() {
  const log: string[] = [];
  let clock = 0;
  const contestant = (name: string, cost: (turn: number) => number): Contestant => {
    let turn = 0;
    return {
      name,
      run: () => {
        log.push(name);
        clock += cost(turn++);
      },
    };
  };
  return { log, contestant, now: () => clock };
}

const quick = { rounds: 4, minSampleMs: 0, maxWarmupMs: 0 };

describe('interleave', () => {
  it('takes turns, in an order that alternates', async () => {
    const { log, contestant, now } = world();
    await interleave([contestant('a', () => 1), contestant('b', () => 2)], {
      ...quick,
      now,
      maxWarmupMs: -1,
    });
    expect(log.slice(2).join('')).toBe('abbaabba');
  });

  it('repeats short work until a sample is long enough, and gives the time of one run', async () => {
    const { contestant, now } = world();
    const [short] = await interleave([contestant('short', () => 0.5)], {
      now,
      rounds: 3,
      minSampleMs: 20,
      maxWarmupMs: 1000,
    });
    expect(short!.runsPerSample).toBeGreaterThanOrEqual(40);
    expect(short!.times).toEqual([0.5, 0.5, 0.5]);
  });

  it('warms up until two samples agree', async () => {
    const { contestant, now } = world();
    // Compilers settle after six runs.
    const [settled] = await interleave([contestant('x', turn => (turn < 6 ? 100 / (turn + 1) : 5))], {
      now,
      rounds: 3,
      minSampleMs: 1,
      maxWarmupMs: 10_000,
    });
    expect(settled!.times).toEqual([5, 5, 5]);
  });

  it('stops at once when asked, and keeps what was measured', async () => {
    const { contestant, now, log } = world();
    let samples = 0;
    const stopped = () => samples >= 3;
    const [a, b] = await interleave([contestant('a', () => 1), contestant('b', () => 2)], {
      ...quick,
      now,
      maxWarmupMs: -1,
      stopped,
      onSample: () => {
        samples++;
      },
    });
    expect([a!.times.length, b!.times.length]).toEqual([1, 2]);
    expect(log.length).toBe(2 + 3);
  });
});

it('summarises as hyperfine does', () => {
  expect(summarise([2, 4, 4, 4, 5, 5, 7, 9])).toMatchObject({ mean: 5, median: 4.5, min: 2, max: 9 });
  expect(summarise([2, 4, 4, 4, 5, 5, 7, 9]).stddev).toBeCloseTo(2.138, 3);
});

it('relative time pairs the rounds: a slow round slows both', () => {
  expect(relativeTime([2, 20, 2], [1, 10, 1])).toEqual({ ratio: 2, error: 0 });
});

describe('warnings', () => {
  it.each<[string, readonly number[], readonly string[]]>([
    ['steady', [1, 1.01, 0.99, 1, 1.02, 1], []],
    ['a wide spread', [1, 2, 1, 2, 1, 2, 3], ['noisy']],
    ['one far off', [1, 1.01, 0.99, 1, 1.02, 40], ['outliers']],
    ['a slow start', [40, 1.01, 0.99, 1, 1.02, 1], ['first-slow', 'outliers']],
    ['too few', [1, 1, 1], ['few-rounds']],
    ['none at all', [], []],
  ])('%s', (_, times, kinds) => {
    const warnings = findWarnings('x', times);
    expect(warnings.map(({ kind }) => kind)).toEqual(kinds);
    for (const warning of warnings) expect(describeWarning(warning)).toMatch(/^x: /);
  });
});
