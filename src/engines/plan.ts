import { ConvcostError } from '../errors.js';
import { noActivation } from '../model/activation.js';
import type { ConvLayer, Layer, TensorInfo } from '../model/layer.js';
import { fromFeatureMap, toFeatureMap } from '../model/layout.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs, type SeparablePair } from '../model/separable-pair.js';
import type { Shape } from '../model/shape.js';
import type { ConvProblem, Problem } from './engine.js';

/** One kernel call: a layer, or with fusion a depthwise + pointwise pair. */
export interface Step {
  readonly layers: readonly Layer[];
  readonly problem: Problem;
  readonly inputs: readonly TensorInfo[];
  readonly output: TensorInfo;
  /** Channels-last, batch included. */
  readonly outputShape: Shape;
}

/**
 * The steps in which a network runs.
 *
 * @param fuse runs each depthwise + pointwise pair as one kernel
 * @throws ConvcostError `not-runnable` for a layer that no engine knows
 */
export function planSteps(network: Network, { fuse }: { readonly fuse: boolean }): readonly Step[] {
  const pairs = fuse ? findSeparablePairs(network).filter(canFuse) : [];
  const fusedAt = new Map<Layer, SeparablePair>(pairs.map(pair => [pair.pointwise, pair]));
  const absorbed = new Set<Layer>(pairs.flatMap(({ depthwise, between }) => [depthwise, ...between]));
  return network.layers
    .filter(layer => !absorbed.has(layer))
    .map(layer => {
      const pair = fusedAt.get(layer);
      const step = planLayer(layer, network);
      if (!pair) return step;
      const layers = [pair.depthwise, ...pair.between, layer];
      return { ...step, layers, problem: separableProblem(pair), inputs: pair.depthwise.inputs };
    });
}

/** The step of one layer by itself. */
export function planLayer(layer: Layer, network: Network): Step {
  const output = layer.outputs[0];
  if (!output) throw new ConvcostError('not-runnable', { layer: layer.name, op: layer.op });
  return {
    layers: [layer],
    problem: problemOf(layer, network),
    inputs: layer.inputs,
    output,
    outputShape: channelsLast(output, network),
  };
}

function problemOf(layer: Layer, network: Network): Problem {
  switch (layer.kind) {
    case 'conv':
      return convProblem(layer);
    case 'matmul': {
      const [product] = layer.products;
      if (layer.products.length !== 1) break;
      const { bias, activation } = layer;
      return { kind: 'matmul', product: product!, weights: layer.params.length > 0, bias, activation };
    }
    case 'free':
      if (layer.compute.type === 'other') break;
      return {
        kind: 'free',
        compute: layer.compute,
        inputs: layer.inputs.map(input => channelsLast(input, network)),
        output: channelsLast(layer.outputs[0]!, network),
      };
    case 'unknown':
      break;
  }
  throw new ConvcostError('not-runnable', { layer: layer.name, op: layer.op });
}

const convProblem = ({ geometry, bias, activation }: ConvLayer): ConvProblem => ({
  kind: 'conv',
  geometry,
  bias,
  activation,
});

/** At most one activation stands between: it becomes the depthwise step's own. */
function canFuse({ depthwise, between }: SeparablePair): boolean {
  const activations = [depthwise.activation, ...between.map(activationOf)];
  return !activations.includes(undefined) && activations.filter(a => a?.name !== 'none').length <= 1;
}

const activationOf = (layer: Layer) =>
  layer.kind === 'free' && layer.compute.type === 'activation' ? layer.compute.activation : undefined;

function separableProblem({ depthwise, between, pointwise }: SeparablePair): Problem {
  const activation =
    [depthwise.activation, ...between.map(activationOf)].find(a => a && a.name !== 'none') ?? noActivation;
  return {
    kind: 'separable',
    depthwise: { ...convProblem(depthwise), activation },
    pointwise: convProblem(pointwise),
  };
}

export const channelsLast = ({ shape }: TensorInfo, { layout }: Network): Shape =>
  shape.length < 2 ? shape : fromFeatureMap(toFeatureMap(shape, layout), 'channels-last');
