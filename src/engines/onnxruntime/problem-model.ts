import { type ConvGeometry, convInput, convOutput, convWeightShape } from '../../model/conv.js';
import { fromFeatureMap } from '../../model/layout.js';
import type { Shape } from '../../model/shape.js';
import { kernelExtent, type WindowAxis } from '../../model/window.js';
import {
  type ConvProblem,
  type MatmulProblem,
  type Problem,
  type ProblemWeights,
  type SeparableProblem,
  separableWeights,
} from '../engine.js';
import { emitActivation } from './activations.js';
import { ModelBuilder } from './model-builder.js';
import type { OnnxModel } from './write-model.js';

/** A problem as a model of its own, and the shapes that flow in and out, in our own order. */
export interface ProblemModel {
  readonly model: OnnxModel;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  /** Feature maps have their channels last here, and first there. */
  readonly order: 'feature-maps' | 'as-they-are';
}

/** Whether ONNX has words for the problem, and means the same output sizes by them. */
export function isExpressible(problem: Problem): boolean {
  switch (problem.kind) {
    case 'conv':
      return isExpressibleConv(problem.geometry);
    case 'separable':
      return isExpressibleConv(problem.depthwise.geometry) && isExpressibleConv(problem.pointwise.geometry);
    case 'matmul':
      return !problem.weights || problem.product.batch === 1;
    case 'free':
      return false;
  }
}

function isExpressibleConv({ transposed, batch, axes }: ConvGeometry): boolean {
  if (batch === 0 || axes.length < 1 || axes.length > 3) return false;
  return axes.every(
    axis => axis.padBegin >= 0 && axis.padEnd >= 0 && axis.output === (transposed ? widened : slid)(axis),
  );
}

const slid = (axis: WindowAxis): number =>
  Math.floor((axis.input + axis.padBegin + axis.padEnd - kernelExtent(axis)) / axis.stride) + 1;
const widened = (axis: WindowAxis): number =>
  axis.stride * (axis.input - 1) + axis.outputPadding + kernelExtent(axis) - axis.padBegin - axis.padEnd;

/** @param problem one that is expressible */
export function problemModel(problem: Problem, weights: ProblemWeights): ProblemModel {
  switch (problem.kind) {
    case 'conv':
      return mapsModel(problem.geometry, problem.geometry, (model, x) =>
        emitConv(model, x, problem, weights),
      );
    case 'separable':
      return separableModel(problem, weights);
    case 'matmul':
      return matmulModel(problem, weights);
    case 'free':
      throw new Error('A layer without multiplies is no model.');
  }
}

function separableModel(problem: SeparableProblem, weights: ProblemWeights): ProblemModel {
  const { depthwise, pointwise } = problem;
  const [ofDepthwise, ofPointwise] = separableWeights(problem, weights);
  return mapsModel(depthwise.geometry, pointwise.geometry, (model, x) => {
    const middle = emitConv(model, x, depthwise, ofDepthwise);
    return emitConv(model, middle, pointwise, ofPointwise);
  });
}

function mapsModel(
  first: ConvGeometry,
  last: ConvGeometry,
  emit: (model: ModelBuilder, x: string) => string,
): ProblemModel {
  const model = new ModelBuilder();
  const input = convInput(first);
  const output = convOutput(last);
  const name = emit(model, 'x');
  return {
    model: model.model(
      [{ name: 'x', shape: fromFeatureMap(input, 'channels-first') }],
      [{ name, shape: fromFeatureMap(output, 'channels-first') }],
    ),
    inputs: [fromFeatureMap(input, 'channels-last')],
    output: fromFeatureMap(output, 'channels-last'),
    order: 'feature-maps',
  };
}

export function emitConv(
  model: ModelBuilder,
  x: string,
  { geometry, activation }: ConvProblem,
  [weights, bias]: ProblemWeights,
): string {
  const { transposed, groups, axes } = geometry;
  const operands = [x, model.constant(convWeightShape(geometry), weights!)];
  if (bias) operands.push(model.constant([bias.length], bias));
  const y = model.apply(transposed ? 'ConvTranspose' : 'Conv', operands, {
    kernel_shape: { ints: axes.map(axis => axis.kernel) },
    strides: { ints: axes.map(axis => axis.stride) },
    dilations: { ints: axes.map(axis => axis.dilation) },
    pads: { ints: [...axes.map(axis => axis.padBegin), ...axes.map(axis => axis.padEnd)] },
    group: { int: groups },
    ...(transposed && { output_padding: { ints: axes.map(axis => axis.outputPadding) } }),
  });
  return emitActivation(model, y, activation);
}

function matmulModel(problem: MatmulProblem, weights: ProblemWeights): ProblemModel {
  const {
    product: { batch, m, k, n },
    weights: isDense,
  } = problem;
  const model = new ModelBuilder();
  const inputs = isDense
    ? [[m, k]]
    : [
        [batch, m, k],
        [batch, k, n],
      ];
  const output = isDense ? [m, n] : [batch, m, n];
  const name = emitMatmul(model, isDense ? ['a'] : ['a', 'b'], problem, weights);
  const named = inputs.map((shape, index) => ({ name: 'ab'[index]!, shape }));
  return { model: model.model(named, [{ name, shape: output }]), inputs, output, order: 'as-they-are' };
}

export function emitMatmul(
  model: ModelBuilder,
  inputs: readonly string[],
  { product: { k, n }, weights: isDense, activation }: MatmulProblem,
  [weights, bias]: ProblemWeights,
): string {
  if (!isDense) return emitActivation(model, model.apply('MatMul', inputs), activation);
  const operands = [...inputs, model.constant([n, k], weights!)];
  if (bias) operands.push(model.constant([n], bias));
  return emitActivation(model, model.apply('Gemm', operands, { transB: { int: 1 } }), activation);
}
