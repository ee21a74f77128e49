import { median } from './convcost.mjs';

const lowerQuartile = values => values.toSorted((a, b) => a - b)[values.length >> 2];

/**
 * How to time: milliseconds from a fixed moment, and what stands for many samples. `wall` is what a user waits
 * for. `cpu` is for a machine that others use: the time that this process had the processor, and the lower
 * quartile, since neighbours only ever add to it.
 */
export const clocks = {
  wall: { says: 'medians of time on the wall', now: () => performance.now(), pick: median },
  cpu: {
    says: 'lower quartiles of time on the processor',
    now: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    pick: lowerQuartile,
  },
};

/** Short work is timed several runs at a time, so that the clock itself does not count. */
const sampleMs = 0.3;

/**
 * Runs several contestants in turn, in one process: what slows the machine down for a moment slows all of them.
 *
 * @returns for each contestant what a run took, in milliseconds
 */
export async function interleave(contestants, { budgetMs, clock: { now, pick } }) {
  const batches = [];
  for (const { run, isSlow } of contestants) {
    const begin = performance.now();
    let warm = 0;
    while (warm < (isSlow ? 1 : 3) || (performance.now() - begin < 60 && warm < 60)) {
      await run();
      warm++;
    }
    batches.push(Math.ceil((sampleMs * warm) / (performance.now() - begin)));
  }
  const samples = contestants.map(() => []);
  const begin = performance.now();
  for (let round = 0; round < 7 || (performance.now() - begin < budgetMs && round < 150); round++) {
    for (const [at, { run, isSlow }] of contestants.entries()) {
      if (isSlow && round >= 2) continue;
      // Once off the clock: the caches belong to whoever runs.
      if (!isSlow) await run();
      const start = now();
      for (let n = 0; n < batches[at]; n++) {
        const pending = run();
        if (pending) await pending;
      }
      samples[at].push((now() - start) / batches[at]);
    }
  }
  return samples.map(pick);
}

/** The largest difference, relative to the largest magnitude. */
export function difference(actual, expected) {
  let error = 0;
  let largest = Number.MIN_VALUE;
  for (let at = 0; at < expected.length; at++) {
    error = Math.max(error, Math.abs(actual[at] - expected[at]));
    largest = Math.max(largest, Math.abs(expected[at]));
  }
  return error / largest;
}

/** Prepares one chain on every peer and checks that all of them compute the same. */
export async function prepareAll(peers, layers, values, tolerance) {
  const prepared = [];
  for (const peer of peers) {
    const start = performance.now();
    const contestant = await peer.prepare(layers, values);
    prepared.push({
      ...contestant,
      name: peer.name,
      isSlow: peer.isSlow,
      prepareMs: performance.now() - start,
    });
  }
  const expected = await prepared[0].output();
  for (const one of prepared.slice(1)) {
    const error = difference(await one.output(), expected);
    if (!(error <= tolerance))
      throw new Error(`${one.name} differs from ${prepared[0].name} by ${error} on ${layers[0].name}`);
  }
  return prepared;
}
