import type { Network } from '../model/network.js';
import { elementCount } from '../model/shape.js';
import type { ReadArray } from '../tensor/load.js';
import type { ReadyStep } from './execute.js';
import { kernelFor, stepWeights } from './execute.js';
import { planLayer } from './plan.js';
import { createReferenceEngine } from './reference/index.js';

export interface Difference {
  readonly maxAbsError: number;
  /** The largest error over the largest magnitude of the reference. */
  readonly maxRelError: number;
}

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

/** What the reference engine makes of a step's inputs, layer by layer. */
export async function referenceOutput(
  ready: ReadyStep,
  network: Network,
  readArray: ReadArray,
): Promise<Float32Array> {
  const engine = createReferenceEngine();
  let inputs = ready.inputs;
  for (const layer of ready.step.layers) {
    const step = planLayer(layer, network);
    const kernel = kernelFor(engine, step.problem, layer);
    const prepared = kernel.prepare(step.problem, await stepWeights(step, network, readArray));
    const output = engine.allocate(elementCount(step.outputShape));
    await prepared.run(inputs, output);
    inputs = [output];
  }
  return inputs[0]!;
}
