import {
  type ConvProblem,
  type Kernel,
  type MatmulProblem,
  type PreparedKernel,
  type ProblemWeights,
  type SeparableProblem,
  separableWeights,
} from '../engine.js';
import { applyActivation, fusedOptions, isKnownActivation } from './activations.js';
import type { Tensor } from './api.js';
import {
  filterOf,
  inputShape,
  isDepthwise,
  isSupportedConv,
  outputShape,
  windowOptions,
} from './conv-options.js';
import type { Device } from './device.js';

/** Convolutions and dense layers as the fused operators of TensorFlow.js. */
export const tfjsKernels = (device: Device): readonly Kernel[] => [
  {
    name: 'tfjs-conv2d',
    supports: problem => problem.kind === 'conv' && isSupportedConv(problem),
    prepare: (problem, weights) => prepareConv(device, problem as ConvProblem, weights),
  },
  {
    name: 'tfjs-separable-two-steps',
    supports: problem =>
      problem.kind === 'separable' &&
      isSupportedConv(problem.depthwise) &&
      isSupportedConv(problem.pointwise),
    prepare: (problem, weights) => prepareSeparable(device, problem as SeparableProblem, weights),
  },
  {
    name: 'tfjs-matmul',
    supports: problem =>
      problem.kind === 'matmul' &&
      isKnownActivation(problem.activation) &&
      (!problem.weights || problem.product.batch === 1),
    prepare: (problem, weights) => prepareMatmul(device, problem as MatmulProblem, weights),
  },
];

const prepareConv = (device: Device, problem: ConvProblem, weights: ProblemWeights): PreparedKernel => {
  const convolve = convolution(device, problem, weights);
  return device.prepare([inputShape(problem.geometry)], ([x]) => convolve(x!));
};

function prepareSeparable(
  device: Device,
  problem: SeparableProblem,
  weights: ProblemWeights,
): PreparedKernel {
  const [ofDepthwise, ofPointwise] = separableWeights(problem, weights);
  const first = convolution(device, problem.depthwise, ofDepthwise);
  const second = convolution(device, problem.pointwise, ofPointwise);
  return device.prepare([inputShape(problem.depthwise.geometry)], ([x]) => {
    const middle = first(x!);
    const result = second(middle);
    middle.dispose();
    return result;
  });
}

function convolution(
  device: Device,
  { geometry, activation }: ConvProblem,
  [weights, bias]: ProblemWeights,
): (x: Tensor) => Tensor {
  const { tf } = device;
  const stored = filterOf(geometry, weights!);
  const filter = device.keep(stored.values, stored.shape);
  const shift = bias && device.keep(bias, [bias.length]);
  const window = windowOptions(geometry);
  if (geometry.transposed) {
    const shape = outputShape(geometry);
    return x =>
      tf.tidy(() => {
        const y = tf.conv2dTranspose(x, filter, shape, window.strides, window.pad);
        return applyActivation(tf, shift ? tf.add(y, shift) : y, activation);
      });
  }
  const options = { filter, ...window, ...(shift && { bias: shift }), ...fusedOptions(activation) };
  return isDepthwise(geometry)
    ? x => tf.fused.depthwiseConv2d({ x, ...options })
    : x => tf.fused.conv2d({ x, ...options });
}

function prepareMatmul(
  device: Device,
  { product: { batch, m, k, n }, weights: isDense, activation }: MatmulProblem,
  [weights, bias]: ProblemWeights,
): PreparedKernel {
  const { fused } = device.tf;
  const stored = isDense ? device.keep(weights!, [n, k]) : undefined;
  const options = {
    transposeB: isDense,
    ...(bias && { bias: device.keep(bias, [bias.length]) }),
    ...fusedOptions(activation),
  };
  const shapes = isDense
    ? [[m, k]]
    : [
        [batch, m, k],
        [batch, k, n],
      ];
  return device.prepare(shapes, ([a, b]) => fused.matMul({ a: a!, b: stored ?? b!, ...options }));
}
