import { ConvcostError } from '../errors.js';
import { noActivation } from '../model/activation.js';
import type { ConvLayer, Layer, TensorInfo } from '../model/layer.js';
import { fromFeatureMap, toFeatureMap } from '../model/layout.js';
import { type Network, onlyReaders } from '../model/network.js';
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

export interface PlanOptions {
  /** Runs each depthwise + pointwise pair as one kernel. */
  readonly fuse: boolean;
  /** Runs an activation layer behind a convolution or dense layer as a part of it. */
  readonly foldActivations: boolean;
}

/**
 * The steps in which a network runs.
 *
 * @throws ConvcostError `not-runnable` for a layer that no engine knows
 */
export function planSteps(network: Network, { fuse, foldActivations }: PlanOptions): readonly Step[] {
  const pairs = fuse ? findSeparablePairs(network).filter(canFuse) : [];
  const fusedAt = new Map<Layer, SeparablePair>(pairs.map(pair => [pair.pointwise, pair]));
  const absorbed = new Set<Layer>(pairs.flatMap(({ depthwise, between }) => [depthwise, ...between]));
  const onlyReader = onlyReaders(network);
  const steps: Step[] = [];
  for (const layer of network.layers) {
    if (absorbed.has(layer)) continue;
    const step = withPair(planLayer(layer, network), fusedAt.get(layer));
    const next = foldActivations ? onlyReader(layer) : undefined;
    const folded = next && foldActivation(step, next);
    if (folded) absorbed.add(next);
    steps.push(folded ?? step);
  }
  return steps;
}

const withPair = (step: Step, pair: SeparablePair | undefined): Step =>
  pair
    ? {
        ...step,
        layers: [pair.depthwise, ...pair.between, pair.pointwise],
        problem: separableProblem(pair),
        inputs: pair.depthwise.inputs,
      }
    : step;

/** The step with an activation behind it as its own; undefined where it has one, or `next` is none. */
function foldActivation(step: Step, next: Layer): Step | undefined {
  const activation = activationOf(next);
  const { problem } = step;
  if (!activation || problem.kind === 'free') return undefined;
  const last = problem.kind === 'separable' ? problem.pointwise : problem;
  if (last.activation.name !== 'none') return undefined;
  const folded: Problem =
    problem.kind === 'separable'
      ? { ...problem, pointwise: { ...problem.pointwise, activation } }
      : { ...problem, activation };
  return { ...step, layers: [...step.layers, next], problem: folded, output: next.outputs[0]! };
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
