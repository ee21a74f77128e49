import { ConvcostError } from '../errors.js';
import { canonicalFilterLetters, filterShape } from '../model/filter-layout.js';
import type { Layer, TensorInfo } from '../model/layer.js';
import { layoutName } from '../model/layout.js';
import type { Network, Param, ValueSource } from '../model/network.js';
import { elementCount } from '../model/shape.js';
import { loadValues, type ReadArray, type WantedTensor } from '../tensor/load.js';
import { foldBatchNorm, isBatchNorm } from './batch-norm.js';
import type { Engine, Kernel, PreparedKernel, Problem, ProblemWeights } from './engine.js';
import { channelsLast, planSteps, type Step } from './plan.js';

/** How a network is run. */
export interface ExecuteOptions {
  /** Whether each depthwise + pointwise pair runs as one kernel. */
  readonly fuse: boolean;
  /** Values for the inputs, by name; what is missing is seeded random. */
  readonly data: ReadonlyMap<string, ValueSource>;
  /** Reads the files that values are said to be in. */
  readonly readArray: ReadArray;
}

/** One step, ready to be run as often as a clock wants; its output is there after the first run. */
export interface ReadyStep {
  readonly step: Step;
  readonly kernel: string;
  readonly prepared: PreparedKernel;
  readonly inputs: readonly Float32Array[];
  readonly output: Float32Array;
  run(): void | Promise<void>;
  /** The work of the last run once more, as a clock should see it; `output` keeps its values. */
  again(): void | Promise<void>;
}

/**
 * Walks a network on an engine. Each step is handed out ready and must be run before the next is asked
 * for; arrays that no later step reads are let go.
 */
export async function* executeSteps(
  network: Network,
  engine: Engine,
  options: ExecuteOptions,
): AsyncGenerator<ReadyStep> {
  const steps = planSteps(network, { fuse: options.fuse, fold: engine.foldsElementwise });
  const arrays = new Map<string, Float32Array>();
  for (const input of network.inputs)
    arrays.set(input.name, await inputValues(input, network, engine, options));
  for (const [index, step] of steps.entries()) {
    const kernel = kernelFor(engine, step.problem, step.layers[0]!);
    const prepared = kernel.prepare(step.problem, await stepWeights(step, network, options.readArray));
    const inputs = step.inputs.map(({ name }) => arrays.get(name)!);
    const output = engine.allocate(elementCount(step.outputShape));
    await prepared.ready;
    const run = () => prepared.run(inputs, output);
    yield {
      step,
      get kernel() {
        return prepared.kernel ?? kernel.name;
      },
      prepared,
      inputs,
      output,
      run,
      again: () => (prepared.again ? prepared.again() : run()),
    };
    arrays.set(step.output.name, output);
    for (const { name } of step.inputs) {
      if (!steps.slice(index + 1).some(later => later.inputs.some(input => input.name === name)))
        arrays.delete(name);
    }
  }
}

/** The first kernel of an engine that takes the problem. */
export function kernelFor(engine: Engine, problem: Problem, { name, op }: Layer): Kernel {
  const kernel = engine.kernels.find(({ supports }) => supports(problem));
  if (!kernel) throw new ConvcostError('not-runnable', { layer: name, op });
  return kernel;
}

/** An input's values, channels-last, in the engine's memory. */
async function inputValues(
  input: TensorInfo,
  network: Network,
  engine: Engine,
  { data, readArray }: ExecuteOptions,
): Promise<Float32Array> {
  const source: ValueSource = data.get(input.name) ?? { type: 'fill', fill: 'random', seed: 1 };
  const shape = channelsLast(input, network);
  const natural = layoutName('channels-last', shape.length);
  const values = await loadValues(
    source,
    {
      name: input.name,
      shape,
      orderFor: layout => [...layout].sort(byAxis).join(''),
      shapeIn: layout => Array.from(layout, letter => shape[natural.indexOf(letter)]!),
    },
    readArray,
  );
  const array = engine.allocate(elementCount(shape));
  array.set(values);
  return array;
}

const axisOrder = 'NDHWC';
const byAxis = (a: string, b: string) => axisOrder.indexOf(a) - axisOrder.indexOf(b);

/** The stored values of a step's layers, in the order that its kernel expects; batch norms are folded in. */
export async function stepWeights(
  { layers }: Step,
  { params }: Network,
  readArray: ReadArray,
): Promise<ProblemWeights> {
  const stored = await Promise.all(
    layers.map(layer =>
      Promise.all(
        layer.params.map(name => {
          const { source, tensor } = wantedParam(params.get(name)!, layer);
          return loadValues(source, tensor, readArray);
        }),
      ),
    ),
  );
  return layers.flatMap((layer, i) => {
    const next = layers[i + 1];
    if (next && isBatchNorm(next)) return foldBatchNorm(stored[i]!, stored[i + 1]!, next);
    return i > 0 && isBatchNorm(layer) ? [] : stored[i]!;
  });
}

function wantedParam(param: Param, layer: Layer): { source: ValueSource; tensor: WantedTensor } {
  const { name, shape, values } = param;
  if (layer.kind === 'conv' && shape.length > 1) {
    const { geometry } = layer;
    return {
      source: values,
      tensor: {
        name,
        shape,
        orderFor: layout => canonicalFilterLetters(layout, geometry),
        shapeIn: layout => filterShape(layout, geometry),
      },
    };
  }
  const natural = 'OI'.slice(0, shape.length);
  const shapeIn = (layout: string) => (layout === natural ? shape : shape.toReversed());
  return { source: values, tensor: { name, shape, orderFor: () => natural, shapeIn } };
}
