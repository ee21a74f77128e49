import { ConvcostError } from '../errors.js';
import { noActivation } from '../model/activation.js';
import type { ConvLayer, Layer, TensorInfo } from '../model/layer.js';
import { turnShape } from '../model/layout.js';
import { type Network, onlyReaders } from '../model/network.js';
import { findSeparablePairs, type SeparablePair } from '../model/separable-pair.js';
import type { Shape } from '../model/shape.js';
import { isBatchNorm } from './batch-norm.js';
import type { ConvProblem, MatmulProblem, Problem } from './engine.js';

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
  /** Runs batch norm and activation layers behind a convolution or dense layer as a part of it. */
  readonly fold: boolean;
}

/** As much as a wasm memory of 4 GiB holds of a layer's input and its output. */
const mostTensorBytes = 2 * 2 ** 30;

/** Before anything is filled: an array too large would end the process, or take it minutes to fill. */
function refuseHuge(network: Network): void {
  const tensors = [
    ...network.inputs,
    ...network.layers.flatMap(({ outputs }) => outputs),
    ...network.params.values(),
  ];
  for (const { name, shape } of tensors) {
    if (4 * shape.reduce((product, size) => product * size, 1) > mostTensorBytes)
      throw new ConvcostError('too-large-to-run', { tensor: name, shape, mostBytes: mostTensorBytes });
  }
}

/**
 * The steps in which a network runs.
 *
 * @throws ConvcostError `not-runnable` for a layer that no engine knows, `too-large-to-run`
 */
export function planSteps(network: Network, { fuse, fold }: PlanOptions): readonly Step[] {
  refuseHuge(network);
  const pairs = fuse ? findSeparablePairs(network).filter(pair => canFuse(pair, fold)) : [];
  const fusedAt = new Map<Layer, SeparablePair>(pairs.map(pair => [pair.pointwise, pair]));
  const absorbed = new Set<Layer>(pairs.flatMap(({ depthwise, between }) => [depthwise, ...between]));
  const onlyReader = onlyReaders(network);
  const steps: Step[] = [];
  for (const layer of network.layers) {
    if (absorbed.has(layer)) continue;
    let step = withPair(planLayer(layer, network), fusedAt.get(layer));
    while (fold) {
      const next = onlyReader(step.layers.at(-1)!);
      const folded = next && foldNext(step, next);
      if (!folded) break;
      absorbed.add(next);
      step = folded;
    }
    steps.push(step);
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

/** The step with the layer behind it as a part of its last one; undefined where it cannot be. */
function foldNext(step: Step, next: Layer): Step | undefined {
  const { problem } = step;
  const last = problem.kind === 'separable' ? problem.pointwise : problem;
  if (last.kind === 'free' || last.activation.name !== 'none') return undefined;
  const own = foldedFields(last, step.layers.at(-1)!, next);
  if (!own) return undefined;
  const folded: Problem =
    problem.kind === 'separable'
      ? { ...problem, pointwise: { ...problem.pointwise, ...own } }
      : { ...problem, ...own };
  return { ...step, layers: [...step.layers, next], problem: folded, output: next.outputs[0]! };
}

/** What changes of a problem that takes in the layer behind it: it has a bias then, or an activation. */
function foldedFields(
  problem: ConvProblem | MatmulProblem,
  last: Layer,
  next: Layer,
): Partial<Pick<ConvProblem, 'bias' | 'activation'>> | undefined {
  const activation = activationOf(next);
  if (activation) return { activation };
  // Folding scales weights by output channel, which stand outermost in all but transposed convolutions.
  const takesBatchNorm = problem.kind === 'conv' && !problem.geometry.transposed && last.kind === 'conv';
  return takesBatchNorm && isBatchNorm(next) ? { bias: true } : undefined;
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

/** At most one activation stands between, and before it one batch norm where those are folded. */
function canFuse({ depthwise, between }: SeparablePair, fold: boolean): boolean {
  const rest = fold && between[0] && isBatchNorm(between[0]) ? between.slice(1) : between;
  const own = depthwise.activation.name === 'none' ? 0 : 1;
  return rest.length + own <= 1 && rest.every(activationOf) && (own === 0 || rest.length === between.length);
}

const activationOf = (layer: Layer) =>
  layer.kind === 'free' && layer.compute.type === 'activation' ? layer.compute.activation : undefined;

function separableProblem({ depthwise, between, pointwise }: SeparablePair): Problem {
  const activation =
    [depthwise.activation, ...between.map(activationOf)].find(a => a && a.name !== 'none') ?? noActivation;
  return {
    kind: 'separable',
    depthwise: { ...convProblem(depthwise), bias: depthwise.bias || between.some(isBatchNorm), activation },
    pointwise: convProblem(pointwise),
  };
}

export const channelsLast = ({ shape }: TensorInfo, { layout }: Network): Shape =>
  turnShape(shape, layout, 'channels-last');
