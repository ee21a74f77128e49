import type { TensorInfo } from '../model/layer.js';
import { layoutName } from '../model/layout.js';
import type { Network } from '../model/network.js';
import type { Shape } from '../model/shape.js';
import { permute } from '../tensor/permute.js';
import type { Engine } from './engine.js';
import { type ExecuteOptions, executeSteps } from './execute.js';
import { channelsLast } from './plan.js';

/** A tensor with its values, in the network's own axis order. */
export interface TensorValues {
  readonly shape: Shape;
  /** The axes of `shape`: NHWC, NCHW ... */
  readonly layout: string;
  /** Flat, row-major. */
  readonly values: Float32Array;
}

/**
 * Runs a network once.
 *
 * @param options absent: the data that the network comes with (seeded random values where it has none), step by
 *   step, and no files
 * @returns its results (what no layer reads), by tensor name
 * @throws ConvcostError `not-runnable`, or what is wrong with the values of a file
 */
export async function runNetwork(
  network: Network,
  engine: Engine,
  options: Partial<ExecuteOptions> = {},
): Promise<ReadonlyMap<string, TensorValues>> {
  const { fuse = false, data = network.data, readArray = noFiles } = options;
  const results = new Map<string, TensorValues>();
  for await (const ready of executeSteps(network, engine, { fuse, data, readArray })) {
    await ready.run();
    const { output } = ready.step;
    if (network.outputs.includes(output.name)) {
      results.set(output.name, inOwnOrder(ready.output, output, network));
    }
  }
  return results;
}

/** Values that an engine keeps channels-last, brought into the network's own axis order. */
export function inOwnOrder(values: Float32Array, tensor: TensorInfo, network: Network): TensorValues {
  const { shape } = tensor;
  const layout = layoutName(network.layout, shape.length);
  const kept = layoutName('channels-last', shape.length);
  return { shape, layout, values: permute(values, channelsLast(tensor, network), kept, layout) };
}

const noFiles = (path: string): Promise<never> =>
  Promise.reject(new Error(`${path} is a file, and nothing was given that reads files.`));
