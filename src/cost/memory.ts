import { bytesOf } from '../model/dtype.js';
import { exactSum } from '../model/exact.js';
import { type Layer, runsInPlace, type TensorInfo } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { elementCount, type Shape } from '../model/shape.js';

export const tensorBytes = ({ shape, dtype }: Pick<TensorInfo, 'shape' | 'dtype'>): number =>
  bytesOf(elementCount(shape), dtype);

const totalBytes = (tensors: Iterable<TensorInfo>): number =>
  exactSum('bytes', Array.from(tensors, tensorBytes));

/** What a layer reads and writes; a layer that runs in place holds its output alone. */
export const activationBytes = (layer: Layer): number =>
  totalBytes(runsInPlace(layer) ? layer.outputs : [...distinct(layer.inputs), ...layer.outputs]);

/** Input, weights and output, once each: the least that must pass between memory and core. */
export const trafficBytes = (layer: Layer, paramBytes: number): number =>
  exactSum('traffic bytes', [totalBytes([...distinct(layer.inputs), ...layer.outputs]), paramBytes]);

/** The moment of a run, in file order, at which the tensors alive together are largest. */
export interface PeakActivations {
  readonly bytes: number;
  /** The layer that runs at that moment; undefined in an empty network. */
  readonly layer: string | undefined;
  readonly alive: readonly AliveTensor[];
}

/** A tensor that is alive at the peak. */
export interface AliveTensor {
  readonly name: string;
  /** In the network's own axis order, batch included. */
  readonly shape: Shape;
  readonly bytes: number;
}

/**
 * The peak of live activations. A tensor lives from the layer that writes it (the network's inputs: from
 * the start) to the last layer that reads it; results live to the end. An element-wise layer writes over
 * an input that nothing needs later.
 */
export function peakActivations(network: Network): PeakActivations {
  const lastUse = lastUses(network);
  const alive = new Map<string, AliveTensor>();
  let bytes = 0;
  let peak: PeakActivations = { bytes: 0, layer: undefined, alive: [] };
  const enter = (tensor: TensorInfo) => {
    const { name, shape } = tensor;
    alive.set(name, { name, shape, bytes: tensorBytes(tensor) });
    bytes = exactSum('bytes of live activations', [bytes, tensorBytes(tensor)]);
  };
  const leave = (name: string) => {
    bytes -= alive.get(name)?.bytes ?? 0;
    alive.delete(name);
  };

  network.inputs.forEach(enter);
  network.layers.forEach((layer, step) => {
    const dies = ({ name }: TensorInfo) => lastUse.get(name) === step;
    if (runsInPlace(layer)) {
      const size = Math.max(0, ...layer.outputs.map(tensorBytes));
      const reused = layer.inputs.find(input => dies(input) && alive.get(input.name)?.bytes === size);
      if (reused) leave(reused.name);
    }
    layer.outputs.forEach(enter);
    if (bytes > peak.bytes) peak = { bytes, layer: layer.name, alive: [...alive.values()] };
    for (const tensor of [...layer.inputs, ...layer.outputs]) {
      if (dies(tensor) || !lastUse.has(tensor.name)) leave(tensor.name);
    }
  });
  return peak;
}

/** For every tensor that is read, the step that reads it last; the network's results are kept for ever. */
function lastUses({ layers, outputs }: Network): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  layers.forEach((layer, step) => {
    for (const { name } of layer.inputs) uses.set(name, step);
  });
  for (const name of outputs) uses.set(name, Number.POSITIVE_INFINITY);
  return uses;
}

const distinct = (tensors: readonly TensorInfo[]): Iterable<TensorInfo> =>
  tensors.length < 2 ? tensors : new Map(tensors.map(tensor => [tensor.name, tensor])).values();
