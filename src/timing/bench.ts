import type { Engine } from '../engines/engine.js';
import { type ExecuteOptions, executeSteps, type ReadyStep } from '../engines/execute.js';
import { runnableParts } from '../engines/isolate.js';
import type { Network } from '../model/network.js';
import { type Contestant, type InterleaveOptions, interleave, type Samples } from './interleave.js';
import { type Unit, unitsOf } from './units.js';

/** A network on an engine, as one way among others to compute the same. */
export interface Variant {
  /** Says what differs: `separable`, `standard, wasm`. */
  readonly name: string;
  readonly network: Network;
  readonly engine: Engine;
  readonly execution: ExecuteOptions;
}

export interface VariantTimes {
  readonly variant: Variant;
  readonly samples: Samples;
}

export interface UnitTimes extends VariantTimes {
  readonly unit: Unit;
}

/** One place of the network, in every variant that has it. */
export interface ComparedUnit {
  readonly output: string;
  readonly times: readonly UnitTimes[];
}

export interface BenchTimes {
  /** Whole networks, from input to output. */
  readonly whole: readonly VariantTimes[];
  /** What ran against them, as it came. */
  readonly rivals: readonly Samples[];
  readonly units: readonly ComparedUnit[];
}

export interface BenchOptions extends InterleaveOptions {
  /** Ways to run the whole network that have no steps to be timed one by one. */
  readonly rivals?: readonly Contestant[];
}

/**
 * Times variants against each other, in turns: first the whole networks, then each unit. Everything is packed,
 * compiled and run once before the clock starts.
 */
export async function benchVariants(
  variants: readonly Variant[],
  options: BenchOptions,
): Promise<BenchTimes> {
  const ready = [];
  for (const variant of variants) {
    const steps = await readySteps(variant);
    ready.push({ variant, steps, units: unitsOf(variant.network, steps) });
  }
  const { rivals = [] } = options;
  const outputs = (ready[0]?.units ?? []).map(({ output }) => output);
  const total = (outputs.length + 1) * options.rounds;
  let finished = 0;
  const stage = {
    ...options,
    onSample: (done: number, of: number) =>
      options.onSample?.(finished + (done / of) * options.rounds, total),
  };

  const samples = await interleave(
    [...ready.map(({ variant, steps }) => ({ name: variant.name, run: () => runAgain(steps) })), ...rivals],
    stage,
  );
  const whole = ready.map(({ variant }, i) => ({ variant, samples: samples[i]! }));
  const units: ComparedUnit[] = [];
  for (const output of outputs) {
    finished += options.rounds;
    if (options.stopped?.()) break;
    const present = ready.flatMap(({ variant, units: all }) =>
      all.filter(unit => unit.output === output).map(unit => ({ variant, unit })),
    );
    const measured = await interleave(
      present.map(({ variant, unit }) => ({ name: variant.name, run: () => runAgain(unit.steps) })),
      stage,
    );
    units.push({ output, times: present.map((each, i) => ({ ...each, samples: measured[i]! })) });
  }
  return { whole, rivals: samples.slice(ready.length), units };
}

/** Every step of a network that can be run, run once: its arrays and packed weights stay. */
async function readySteps({ network, engine, execution }: Variant): Promise<readonly ReadyStep[]> {
  const steps: ReadyStep[] = [];
  for (const part of runnableParts(network)) {
    for await (const step of executeSteps(part, engine, execution)) {
      await step.run();
      steps.push(step);
    }
  }
  return steps;
}

/** Runs ready steps again, one after the other; waits only where an engine is not done at once. */
function runAgain(steps: readonly ReadyStep[]): void | Promise<void> {
  for (const [index, step] of steps.entries()) {
    const pending = step.again();
    if (pending) return pending.then(() => runAgain(steps.slice(index + 1)));
  }
}
