import { activationFunction } from '../../model/activation.js';
import type { FreeCompute } from '../../model/layer.js';
import { elementCount, type Shape } from '../../model/shape.js';
import type { FreeProblem, Kernel, ProblemWeights } from '../engine.js';
import { poolRun } from './pool.js';

type Run = (inputs: readonly Float32Array[], output: Float32Array) => void;
type ComputeOf<Type extends FreeCompute['type']> = Extract<FreeCompute, { type: Type }>;

/** Layers without multiplies, one line or function each. Arrays are channels-last. */
const rules: {
  readonly [Type in Exclude<FreeCompute['type'], 'other'>]: (
    compute: ComputeOf<Type>,
    problem: FreeProblem,
    weights: ProblemWeights,
  ) => Run;
} = {
  activation: ({ activation }) => {
    const activate = activationFunction(activation);
    return ([input], output) => {
      for (let i = 0; i < output.length; i++) output[i] = activate(input![i]!);
    };
  },
  pool: poolRun,
  'adaptive-pool': poolRun,
  add: (_, { inputs }) => fold(inputs, (a, b) => a + b),
  mul: (_, { inputs }) => fold(inputs, (a, b) => a * b),
  concat:
    (_, { inputs }) =>
    (arrays, output) => {
      const widths = inputs.map(shape => shape.at(-1)!);
      let to = 0;
      for (let pixel = 0; to < output.length; pixel++) {
        arrays.forEach((array, i) => {
          output.set(array.subarray(pixel * widths[i]!, (pixel + 1) * widths[i]!), to);
          to += widths[i]!;
        });
      }
    },
  'batch-norm': ({ epsilon }, { output: shape }, [scale, shift, mean, variance]) => {
    const channels = shape.at(-1)!;
    return ([input], output) => {
      for (let i = 0; i < output.length; i++) {
        const c = i % channels;
        output[i] = ((input![i]! - mean![c]!) / Math.sqrt(variance![c]! + epsilon)) * scale![c]! + shift![c]!;
      }
    };
  },
  'channel-slice': ({ start, end }, { inputs }) => {
    const channels = inputs[0]!.at(-1)!;
    return ([input], output) => {
      for (let from = start, to = 0; to < output.length; from += channels, to += end - start) {
        output.set(input!.subarray(from, from + end - start), to);
      }
    };
  },
  // ShuffleNet: channels seen as [groups, channels / groups], transposed.
  'channel-shuffle': ({ groups }, { output: shape }) => {
    const channels = shape.at(-1)!;
    const perGroup = channels / groups;
    return ([input], output) => {
      for (let i = 0; i < output.length; i++) {
        const c = i % channels;
        output[i] = input![i - c + (c % groups) * perGroup + Math.floor(c / groups)]!;
      }
    };
  },
  flatten: () => copy,
  identity: () => copy,
  softmax: (_, { output: shape }) => {
    const channels = shape.at(-1)!;
    return ([input], output) => {
      for (let start = 0; start < output.length; start += channels) {
        const row = Array.from(input!.subarray(start, start + channels));
        const largest = row.reduce((a, b) => Math.max(a, b));
        const powers = row.map(value => Math.exp(value - largest));
        const total = powers.reduce((a, b) => a + b, 0);
        output.set(
          powers.map(power => power / total),
          start,
        );
      }
    };
  },
};

export const referenceFree: Kernel = {
  name: 'reference-free',
  supports: problem => problem.kind === 'free' && problem.compute.type !== 'other',
  prepare: (problem, weights) => {
    const { compute } = problem as FreeProblem;
    const rule = rules[compute.type as keyof typeof rules] as (...of: unknown[]) => Run;
    return { run: rule(compute, problem, weights) };
  },
};

const copy: Run = ([input], output) => output.set(input!);

/** Value by value over inputs of one shape; an input of sizes 1 counts for every position. */
function fold(shapes: readonly Shape[], combine: (a: number, b: number) => number): Run {
  const largest = shapes.reduce((most, shape) => Math.max(most, elementCount(shape)), 0);
  const channels = shapes[0]!.at(-1)!;
  const perImage = largest / (shapes[0]!.length > 1 ? shapes[0]![0]! : 1);
  return (arrays, output) => {
    arrays.forEach((array, place) => {
      const isWhole = array.length === largest;
      for (let i = 0; i < output.length; i++) {
        const value = array[isWhole ? i : Math.floor(i / perImage) * channels + (i % channels)]!;
        output[i] = place === 0 ? value : combine(output[i]!, value);
      }
    });
  };
}
