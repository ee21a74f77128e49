import type { Layer } from '../../model/layer.js';
import { turnShape } from '../../model/layout.js';
import type { Network } from '../../model/network.js';
import type { ReadArray } from '../../tensor/load.js';
import type { ProblemWeights } from '../engine.js';
import { stepWeights } from '../execute.js';
import { runnableParts } from '../isolate.js';
import { planLayer } from '../plan.js';
import { emitFree } from './free-layers.js';
import { ModelBuilder } from './model-builder.js';
import { emitConv, emitMatmul, isExpressible } from './problem-model.js';
import type { OnnxModel } from './write-model.js';

/**
 * A whole network as one model, its nodes called like the layers and its tensors like theirs, so that a
 * profile of it can be read by layer. Maps have their channels first.
 *
 * @returns undefined where a layer has no words in ONNX
 */
export async function networkModel(network: Network, readArray: ReadArray): Promise<OnnxModel | undefined> {
  const [whole] = runnableParts(network);
  if (whole !== network) return undefined;
  const model = new ModelBuilder();
  const tensors = new Map(network.inputs.map(({ name }) => [name, name]));
  for (const layer of network.layers) {
    const step = planLayer(layer, network);
    const weights = await stepWeights(step, network, readArray);
    const inputs = layer.inputs.map(input => {
      const name = tensors.get(input.name)!;
      // A dense layer reads a map of one position as it is; Gemm wants a matrix.
      const isMap = layer.kind === 'matmul' && input.shape.length > 2;
      return isMap ? model.apply('Flatten', [name]) : name;
    });
    const output = layer.outputs[0]!.name;
    let isKnown = true;
    const result = model.layer(layer.name, output, () => {
      const emitted = emitLayer(model, layer, network, inputs, weights);
      isKnown = emitted !== undefined;
      return emitted ?? '';
    });
    if (!isKnown) return undefined;
    tensors.set(output, result);
  }
  const shaped = (name: string, shape: readonly number[]) => ({
    name,
    shape: turnShape(shape, network.layout, 'channels-first'),
  });
  const outputs = network.layers
    .flatMap(layer => layer.outputs)
    .filter(({ name }) => network.outputs.includes(name));
  return model.model(
    network.inputs.map(({ name, shape }) => shaped(name, shape)),
    outputs.map(({ name, shape }) => shaped(tensors.get(name)!, shape)),
  );
}

function emitLayer(
  model: ModelBuilder,
  layer: Layer,
  network: Network,
  inputs: readonly string[],
  weights: ProblemWeights,
): string | undefined {
  if (layer.kind === 'free') {
    return emitFree(model, { layer, inputs, weights, order: network.layout }, layer.compute);
  }
  const { problem } = planLayer(layer, network);
  if (!isExpressible(problem)) return undefined;
  if (problem.kind === 'conv') return emitConv(model, inputs[0]!, problem, weights);
  if (problem.kind !== 'matmul' || !problem.weights || layer.outputs[0]!.shape.length !== 2) return undefined;
  const [batch] = layer.inputs[0]!.shape;
  return problem.product.m === batch ? emitMatmul(model, inputs, problem, weights) : undefined;
}
