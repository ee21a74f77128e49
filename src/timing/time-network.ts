import { compareArrays, type Difference } from '../engines/agreement.js';
import type { Engine } from '../engines/engine.js';
import { type ExecuteOptions, executeSteps, type ReadyStep } from '../engines/execute.js';
import type { Network } from '../model/network.js';
import { type MeasureOptions, measure, type Timing } from './measure.js';

export interface TimeNetworkOptions extends ExecuteOptions {
  readonly clock: MeasureOptions;
  /** An engine that runs the same network beside, for comparison; absent: no comparison. */
  readonly reference: Engine | undefined;
}

export interface TimedStep extends Pick<ReadyStep, 'step' | 'kernel' | 'output' | 'prepared'> {
  readonly timing: Timing;
  /** From what the reference has at this point of the network, errors of earlier layers included. */
  readonly difference: Difference | undefined;
}

/** Runs a network step by step, each as often as the clock asks; steps are handed out as they are done. */
export async function* timeNetwork(
  network: Network,
  engine: Engine,
  options: TimeNetworkOptions,
): AsyncGenerator<TimedStep> {
  const expected = options.reference && referenceOutputs(network, options.reference, options);
  for await (const ready of executeSteps(network, engine, options)) {
    // What runs again without its input must have had it once.
    if (ready.prepared.again) await ready.run();
    const timing = await measure(() => ready.again(), options.clock);
    const reference = await expected?.(ready.step.output.name);
    const { step, kernel, output, prepared } = ready;
    yield {
      step,
      kernel,
      output,
      prepared,
      timing,
      difference: reference && compareArrays(output, reference),
    };
  }
}

/** Walks the reference, layer by layer, as far as the tensor that is asked for. */
function referenceOutputs(
  network: Network,
  engine: Engine,
  options: ExecuteOptions,
): (name: string) => Promise<Float32Array | undefined> {
  const steps = executeSteps(network, engine, { ...options, fuse: false });
  return async name => {
    for (let next = await steps.next(); !next.done; next = await steps.next()) {
      await next.value.run();
      if (next.value.step.output.name === name) return next.value.output;
    }
    return undefined;
  };
}
