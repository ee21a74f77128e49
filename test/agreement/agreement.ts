import { expect } from 'vitest';
import type { Engine, Kernel, Problem } from '../../src/engines/engine.js';
import { referenceConv } from '../../src/engines/reference/conv.js';
import { referenceMatmul } from '../../src/engines/reference/matmul.js';
import { referenceSeparable } from '../../src/engines/reference/separable.js';
import { type Activation, type ActivationName, noActivation } from '../../src/model/activation.js';
import {
  type ConvGeometry,
  type ConvSpec,
  convFanIn,
  convInput,
  convOutput,
  convWeightShape,
  resolveConv,
} from '../../src/model/conv.js';
import type { FeatureMap } from '../../src/model/layout.js';
import { elementCount } from '../../src/model/shape.js';

/** A convolution over an input, as tests write it: what is left out is the simplest. */
export interface ConvCase extends Partial<ConvSpec> {
  readonly sizes?: readonly number[];
  readonly channels?: number;
  readonly batch?: number;
  readonly activation?: Activation;
  readonly bias?: boolean;
}

export function aConv(given: ConvCase): Problem & { kind: 'conv' } {
  const { sizes = [8, 8], channels = 4, batch = 1, activation = noActivation, bias = true, ...rest } = given;
  const spec: ConvSpec = { kernel: 3, outChannels: 4, ...rest };
  return { kind: 'conv', geometry: resolveConv(spec, { batch, channels, sizes }), bias, activation };
}

/** Seeded values in -1 .. 1, multiples of 1/128: the same everywhere. */
export function values(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 24) - 128) / 128;
  });
}

const lengthOf = ({ batch, channels, sizes }: FeatureMap): number =>
  elementCount([batch, ...sizes, channels]);

function convTensors(geometry: ConvGeometry, bias: boolean, seed: number): Float32Array[] {
  const weights = values(elementCount(convWeightShape(geometry)), seed);
  return bias ? [weights, values(geometry.outChannels, seed + 1)] : [weights];
}

/** Sizes of a problem's tensors, with values for them. */
function tensorsOf(problem: Problem): {
  input: Float32Array;
  weights: Float32Array[];
  outputs: number;
  fanIn: number;
} {
  switch (problem.kind) {
    case 'conv': {
      const { geometry, bias } = problem;
      return {
        input: values(lengthOf(convInput(geometry)), 1),
        weights: convTensors(geometry, bias, 2),
        outputs: lengthOf(convOutput(geometry)),
        fanIn: convFanIn(geometry),
      };
    }
    case 'separable': {
      const { depthwise, pointwise } = problem;
      return {
        input: values(lengthOf(convInput(depthwise.geometry)), 1),
        weights: [
          ...convTensors(depthwise.geometry, depthwise.bias, 2),
          ...convTensors(pointwise.geometry, pointwise.bias, 4),
        ],
        outputs: lengthOf(convOutput(pointwise.geometry)),
        fanIn: convFanIn(depthwise.geometry) * convFanIn(pointwise.geometry),
      };
    }
    case 'matmul': {
      const { batch, m, k, n } = problem.product;
      const weights = [values(n * k, 2), ...(problem.bias ? [values(n, 3)] : [])];
      return { input: values(batch * m * k, 1), weights, outputs: batch * m * n, fanIn: k };
    }
    case 'free':
      throw new Error('Free layers have no kernels to compare.');
  }
}

const references: Record<string, Kernel> = {
  conv: referenceConv(),
  separable: referenceSeparable(),
  matmul: referenceMatmul,
};

/**
 * Runs a problem on a kernel twice (what the first run leaves behind must not show in the second) and
 * returns its largest error, relative to the largest value of the reference.
 */
export function maxRelativeError(engine: Pick<Engine, 'allocate'>, kernel: Kernel, problem: Problem): number {
  const { input, weights, outputs } = tensorsOf(problem);
  const expected = new Float32Array(outputs);
  references[problem.kind]!.prepare(problem, weights).run([input], expected);

  const from = engine.allocate(input.length);
  from.set(input);
  // A guard behind the output: a kernel must write its own elements and no other.
  const guarded = engine.allocate(outputs + 16).fill(Number.NaN);
  const output = guarded.subarray(0, outputs);
  const prepared = kernel.prepare(problem, weights);
  prepared.run([from], output);
  output.fill(Number.NaN);
  prepared.run([from], output);
  expect(guarded.subarray(outputs).every(Number.isNaN), 'wrote past its output').toBe(true);

  let error = 0;
  let largest = Number.MIN_VALUE;
  for (let at = 0; at < outputs; at++) {
    error = Math.max(error, Math.abs(output[at]! - expected[at]!));
    largest = Math.max(largest, Math.abs(expected[at]!));
    if (Number.isNaN(output[at])) return Number.NaN;
  }
  return error / largest;
}

/**
 * What the sums of a problem may differ by. Values are multiples of 1/128: sums of few products are exact in
 * float32, in any order; longer ones, and two steps in a row, round.
 */
export function tolerance(problem: Problem): number {
  const { fanIn } = tensorsOf(problem);
  const isExact =
    (problem.kind === 'conv' || problem.kind === 'matmul') &&
    fanIn <= 512 &&
    clamping.has(problem.activation.name);
  return isExact ? 0 : 2e-7 * Math.sqrt(fanIn) + 2e-7;
}

const clamping: ReadonlySet<ActivationName> = new Set(['none', 'relu', 'relu6', 'reluN1To1', 'clamp']);
