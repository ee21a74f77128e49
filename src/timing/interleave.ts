/** Something to be timed against others. */
export interface Contestant {
  readonly name: string;
  run(): void | Promise<void>;
}

export interface InterleaveOptions {
  /** Milliseconds from a fixed moment. */
  readonly now: () => number;
  readonly rounds: number;
  /** A sample repeats a contestant until it has taken this long: clocks tick, and short work disappears in it. */
  readonly minSampleMs: number;
  /** Warm-up goes on until two samples in a row are within a tenth of each other, at most this long each. */
  readonly maxWarmupMs: number;
  /** Waited for between samples, so that an interrupt is heard. */
  readonly breathe?: () => Promise<void>;
  /** Asked between samples; true stops at once and keeps what was measured. */
  readonly stopped?: () => boolean;
  readonly onSample?: (done: number, total: number) => void;
}

export interface Samples {
  readonly name: string;
  /** Milliseconds a run, one per round. */
  readonly times: readonly number[];
  readonly runsPerSample: number;
}

/**
 * Times contestants in turns: a round has one sample of each, in an order that alternates, so that what
 * slows the machine down for a while slows all of them.
 */
export async function interleave(
  contestants: readonly Contestant[],
  options: InterleaveOptions,
): Promise<readonly Samples[]> {
  const { rounds, stopped = () => false, onSample } = options;
  const repeats: number[] = [];
  for (const contestant of contestants) repeats.push(stopped() ? 1 : await warmUp(contestant, options));
  const times = contestants.map((): number[] => []);
  const total = rounds * contestants.length;
  for (let round = 0, done = 0; round < rounds; round++) {
    const order = contestants.map((_, index) => (round % 2 === 0 ? index : contestants.length - 1 - index));
    for (const index of order) {
      await options.breathe?.();
      if (stopped()) return samplesOf(contestants, times, repeats);
      times[index]!.push((await sample(contestants[index]!, repeats[index]!, options.now)) / repeats[index]!);
      onSample?.(++done, total);
    }
  }
  return samplesOf(contestants, times, repeats);
}

const samplesOf = (
  contestants: readonly Contestant[],
  times: readonly number[][],
  repeats: readonly number[],
): readonly Samples[] =>
  contestants.map(({ name }, index) => ({ name, times: times[index]!, runsPerSample: repeats[index]! }));

/** Milliseconds of `repeats` runs. */
async function sample(contestant: Contestant, repeats: number, now: () => number): Promise<number> {
  const start = now();
  for (let turn = 0; turn < repeats; turn++) {
    const pending = contestant.run();
    if (pending) await pending;
  }
  return now() - start;
}

/** Runs a contestant until it is steady; returns how many runs make a sample. */
async function warmUp(
  contestant: Contestant,
  { now, minSampleMs, maxWarmupMs, breathe, stopped = () => false }: InterleaveOptions,
): Promise<number> {
  const start = now();
  let repeats = 1;
  let before = Number.NaN;
  for (;;) {
    const took = await sample(contestant, repeats, now);
    await breathe?.();
    if (stopped() || now() - start > maxWarmupMs) return repeats;
    if (took < minSampleMs) {
      repeats = Math.max(
        repeats + 1,
        Math.min(Math.ceil((repeats * minSampleMs) / Math.max(took, minSampleMs / 16)), repeats * 16),
      );
      before = Number.NaN;
      continue;
    }
    const perRun = took / repeats;
    if (Math.abs(perRun - before) <= 0.1 * before) return repeats;
    before = perRun;
  }
}
