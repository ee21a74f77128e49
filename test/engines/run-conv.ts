import type { ConvProblem, Engine } from '../../src/engines/engine.js';
import { noActivation } from '../../src/model/activation.js';
import { type ConvGeometry, convInput, convOutput, convWeightShape } from '../../src/model/conv.js';
import { fromFeatureMap } from '../../src/model/layout.js';
import { elementCount } from '../../src/model/shape.js';

export const inputLength = (geometry: ConvGeometry) =>
  elementCount(fromFeatureMap(convInput(geometry), 'channels-last'));
export const outputLength = (geometry: ConvGeometry) =>
  elementCount(fromFeatureMap(convOutput(geometry), 'channels-last'));
export const weightLength = (geometry: ConvGeometry) => elementCount(convWeightShape(geometry));

/** One convolution on an engine, without bias and activation; arrays channels-last. */
export async function runConv(
  engine: Engine,
  geometry: ConvGeometry,
  input: Float32Array,
  weights: Float32Array,
): Promise<{ output: Float32Array; multiplies: number | undefined }> {
  const problem: ConvProblem = { kind: 'conv', geometry, bias: false, activation: noActivation };
  const kernel = engine.kernels.find(({ supports }) => supports(problem))!;
  const prepared = kernel.prepare(problem, [weights]);
  const given = engine.allocate(input.length);
  given.set(input);
  const output = engine.allocate(outputLength(geometry));
  await prepared.run([given], output);
  return { output: Float32Array.from(output), multiplies: prepared.multiplies?.() };
}
