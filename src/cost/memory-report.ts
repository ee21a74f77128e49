import type { DType } from '../model/dtype.js';
import { bytesOf } from '../model/dtype.js';
import { exactSum } from '../model/exact.js';
import type { Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs } from '../model/separable-pair.js';
import { elementCount } from '../model/shape.js';
import { type PeakActivations, peakActivations } from './memory.js';

/** Where the memory goes; all in bytes, for the whole batch. */
export interface MemoryReport {
  readonly peak: PeakActivations;
  /** The peak where each depthwise + pointwise pair runs as one. */
  readonly fusedPeak: PeakActivations;
  readonly fusedSavesBytes: number;
  /** Bytes of stored values, buffers included, by what they are stored as. */
  readonly paramBytesByDtype: Readonly<Partial<Record<DType, number>>>;
}

/**
 * The peak of live activations, what fusing pairs would take off it, and the bytes of stored values. Counts
 * each tensor in its own data type.
 *
 * @throws ConvcostError `too-large` where a number of bytes passes 2^53 - 1
 */
export function memoryReport(network: Network): MemoryReport {
  const peak = peakActivations(network);
  const fusedPeak = peakActivations(fusePairs(network));
  return {
    peak,
    fusedPeak,
    fusedSavesBytes: peak.bytes - fusedPeak.bytes,
    paramBytesByDtype: paramBytesByDtype(network),
  };
}

/**
 * The network with each depthwise + pointwise pair as one layer, so that what stands between them is never
 * whole in memory. A batch norm between counts as folded.
 */
export function fusePairs(network: Network): Network {
  const pairs = findSeparablePairs(network);
  const fused = new Map<Layer, Layer>(
    pairs.map(({ depthwise, pointwise }) => [pointwise, { ...pointwise, inputs: depthwise.inputs }]),
  );
  const absorbed = new Set<Layer>(pairs.flatMap(({ depthwise, between }) => [depthwise, ...between]));
  const layers = network.layers.filter(layer => !absorbed.has(layer));
  return { ...network, layers: layers.map(layer => fused.get(layer) ?? layer) };
}

function paramBytesByDtype({ params }: Network): MemoryReport['paramBytesByDtype'] {
  const bytes = new Map<DType, number>();
  for (const { shape, dtype } of params.values()) {
    bytes.set(dtype, exactSum('param bytes', [bytes.get(dtype) ?? 0, bytesOf(elementCount(shape), dtype)]));
  }
  return Object.fromEntries(bytes);
}
