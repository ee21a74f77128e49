import type { ConvGeometry } from '../../model/conv.js';
import type { WindowAxis } from '../../model/window.js';
import type { ConvProblem, Kernel } from '../engine.js';
import {
  type ConvPlan,
  type GemmDefaults,
  planWindow,
  prepareProducts,
  type WindowWalk,
} from './conv-gemm.js';
import { gemmTileName } from './gemm.js';
import { gridPlaces, type PaddedMap } from './padded-map.js';
import { kernelTaps } from './problems.js';
import type { Runtime } from './runtime.js';

/** Each phase is code of its own; beyond this many (a stride of 8 x 8) the reference kernel takes over. */
const maximumPhases = 64;

/**
 * A transposed convolution, as one plain convolution for each phase of the stride. Outputs whose place is
 * the same modulo the stride meet the same taps, so each phase is a product over a dense window, and no
 * output is written twice. (The sub-pixel view of W. Shi et al., "Is the deconvolution layer the same as a
 * convolutional layer?", arXiv:1609.07009.)
 */
export const transposedKernel = (runtime: Runtime): Kernel => ({
  name: `f32-phased-igemm-${gemmTileName(runtime.tuning)}-wasmsimd`,
  supports: problem =>
    problem.kind === 'conv' &&
    problem.geometry.transposed &&
    problem.geometry.axes.length > 0 &&
    problem.geometry.axes.reduce((phases, { stride }) => phases * stride, 1) <= maximumPhases,
  prepare: (problem, weights) => prepareProducts(runtime, problem as ConvProblem, weights, planTransposed),
});

/** One phase along one axis: outputs `phase, phase + stride, ...` and the taps that reach them. */
interface Phase {
  readonly outputs: number;
  readonly first: number;
  /** Ordered by the input that they read, ascending: each reads `offset + step * position` from the output's own place. */
  readonly taps: readonly number[];
  readonly offset: number;
  readonly step: number;
}

function axisPhases({ stride, dilation, kernel, output, padBegin }: WindowAxis): Phase[] {
  const phases: Phase[] = [];
  for (let first = 0; first < Math.min(stride, output); first++) {
    const distance = (tap: number): number => first + padBegin - tap * dilation;
    const taps = Array.from({ length: kernel }, (_, tap) => tap)
      .filter(tap => distance(tap) % stride === 0)
      .reverse();
    const inputs = taps.map(tap => distance(tap) / stride);
    phases.push({
      outputs: Math.ceil((output - first) / stride),
      first,
      taps,
      offset: inputs[0] ?? 0,
      step: inputs.length > 1 ? inputs[1]! - inputs[0]! : 1,
    });
  }
  return phases;
}

const lastInput = ({ outputs, taps, offset, step }: Phase): number =>
  outputs - 1 + offset + Math.max(taps.length - 1, 0) * step;

function planTransposed(geometry: ConvGeometry, defaults: GemmDefaults): ConvPlan {
  const { batch, inChannels, outChannels, groups, axes } = geometry;
  const phases = axes.map(axisPhases);
  const map: PaddedMap = {
    batch,
    channels: inChannels,
    axes: axes.map(({ input }, axis) => {
      const before = Math.max(...phases[axis]!.map(({ offset }) => -offset), 0);
      const size = before + Math.max(...phases[axis]!.map(lastInput), 0) + 1;
      return { input, before, size };
    }),
  };
  const depth = inChannels / groups;
  const columns = outChannels / groups;
  const kernelSize = kernelTaps(geometry);

  const products = [...gridPlaces(phases.map(({ length }) => length))].map(place => {
    const chosen = place.map((phase, axis) => phases[axis]![phase]!);
    const walks = chosen.map(
      ({ outputs, first, taps, offset, step }, axis): WindowWalk => ({
        count: outputs,
        input: { first: map.axes[axis]!.before + offset, step: 1 },
        output: { first, step: axes[axis]!.stride },
        taps: { count: taps.length, step },
      }),
    );
    // The index of each tap of the window in the stored kernel, in the window's own order.
    const taps = [...gridPlaces(chosen.map(phase => phase.taps.length))].map(window =>
      window.reduce((index, position, axis) => index * axes[axis]!.kernel + chosen[axis]!.taps[position]!, 0),
    );
    // Weights are stored `[inChannels, columns, ...taps]`.
    const stepOffsets = Int32Array.from(
      { length: taps.length * depth },
      (_, step) => (step % depth) * columns * kernelSize + taps[Math.floor(step / depth)]!,
    );
    return {
      ...planWindow({ geometry, defaults, map, axes: walks }),
      layout: { groupStride: depth * columns * kernelSize, columnStride: kernelSize, stepOffsets },
    };
  });
  return { map, products };
}
