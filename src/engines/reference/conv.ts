import { activationFunction } from '../../model/activation.js';
import type { ConvGeometry } from '../../model/conv.js';
import { elementCount } from '../../model/shape.js';
import type { ConvProblem, Kernel, PreparedKernel } from '../engine.js';
import { axes3, finePositions, forEachPosition, type Sizes3 } from './grid.js';

/** What the loops do with taps that fall on padding: leave them out, or multiply as the dense count does. */
export type PaddingTaps = 'skip' | 'multiply';

/**
 * The definition of a convolution, transposed or not, of 1 to 3 axes, in any number of groups:
 *
 *     fine = coarse * stride + tap * dilation - padBegin        for every axis
 *     convolution:  y[coarse, oc] += x[fine,   ic] * w[tap, oc, ic]
 *     transposed:   y[fine,   oc] += x[coarse, ic] * w[tap, oc, ic]
 *
 * Sums are kept in float64 and rounded once. `multiplies()` counts what the loops did.
 */
export const referenceConv = (paddingTaps: PaddingTaps = 'skip'): Kernel => ({
  name: 'reference-conv',
  supports: problem => problem.kind === 'conv',
  prepare: (problem, [weights, bias]) => prepareConv(problem as ConvProblem, weights!, bias, paddingTaps),
});

function prepareConv(
  { geometry, activation }: ConvProblem,
  weights: Float32Array,
  bias: Float32Array | undefined,
  paddingTaps: PaddingTaps,
): PreparedKernel {
  const { batch, outChannels } = geometry;
  const packed = packByTap(geometry, weights);
  const grids = gridsOf(geometry);
  const activate = activationFunction(activation);
  let multiplies = 0;

  return {
    run([input], output) {
      const imageIn = input!.length / batch;
      const imageOut = output.length / batch;
      multiplies = 0;
      for (let b = 0; b < batch; b++) {
        const image = input!.subarray(b * imageIn, (b + 1) * imageIn);
        const { sums, multiplies: done } = convolveImage(geometry, grids, image, packed, paddingTaps);
        multiplies += done;
        for (let i = 0; i < imageOut; i++) {
          output[b * imageOut + i] = activate(sums[i]! + (bias ? bias[i % outChannels]! : 0));
        }
      }
    },
    multiplies: () => multiplies,
  };
}

/** Weights as `[tap][outChannel][inChannel of the group]`, the order in which the loops read them. */
function packByTap(geometry: ConvGeometry, weights: Float32Array): Float32Array {
  const { transposed, inChannels, outChannels, groups, axes } = geometry;
  const groupIn = inChannels / groups;
  const groupOut = outChannels / groups;
  const taps = elementCount(axes.map(axis => axis.kernel));
  const packed = new Float32Array(weights.length);
  for (let oc = 0; oc < outChannels; oc++) {
    const group = Math.floor(oc / groupOut);
    for (let ic = 0; ic < groupIn; ic++) {
      const filter = transposed ? (group * groupIn + ic) * groupOut + (oc % groupOut) : oc * groupIn + ic;
      for (let tap = 0; tap < taps; tap++) {
        packed[(tap * outChannels + oc) * groupIn + ic] = weights[filter * taps + tap]!;
      }
    }
  }
  return packed;
}

interface Grids {
  readonly coarse: Sizes3;
  readonly fine: Sizes3;
  readonly kernel: Sizes3;
  /** Fine positions of every (coarse, tap), per axis. */
  readonly positions: readonly [Int32Array, Int32Array, Int32Array];
}

function gridsOf({ transposed, axes }: ConvGeometry): Grids {
  const lifted = axes3(axes);
  const coarse = lifted.map(axis => (transposed ? axis.input : axis.output)) as [number, number, number];
  const fine = lifted.map(axis => (transposed ? axis.output : axis.input)) as [number, number, number];
  return {
    coarse,
    fine,
    kernel: lifted.map(axis => axis.kernel) as [number, number, number],
    positions: lifted.map((axis, i) => finePositions(axis, coarse[i]!, fine[i]!)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ],
  };
}

/** One image: `[...coarse or fine sizes, inChannels]` in, sums of `[..., outChannels]` out. */
function convolveImage(
  { transposed, inChannels, outChannels, groups }: ConvGeometry,
  { coarse, fine, kernel, positions }: Grids,
  image: Float32Array,
  packed: Float32Array,
  paddingTaps: PaddingTaps,
): { sums: Float64Array; multiplies: number } {
  const groupIn = inChannels / groups;
  const groupOut = outChannels / groups;
  // Positions outside the fine grid share one place behind it: it reads as zero, and nobody reads it back.
  const outside = fine[0] * fine[1] * fine[2];
  const source = new Float32Array(image.length + inChannels);
  source.set(image);
  const written = transposed ? outside : coarse[0] * coarse[1] * coarse[2];
  const sums = new Float64Array((written + 1) * outChannels);
  const [positionsD, positionsH, positionsW] = positions;
  let multiplies = 0;

  forEachPosition(coarse, (cd, ch, cw, coarseIndex) => {
    forEachPosition(kernel, (kd, kh, kw, tap) => {
      const d = positionsD[cd * kernel[0] + kd]!;
      const h = positionsH[ch * kernel[1] + kh]!;
      const w = positionsW[cw * kernel[2] + kw]!;
      const isInside = d >= 0 && h >= 0 && w >= 0;
      if (!isInside && paddingTaps === 'skip') return;
      const fineIndex = isInside ? (d * fine[1] + h) * fine[2] + w : outside;
      const from = (transposed ? coarseIndex : fineIndex) * inChannels;
      const to = (transposed ? fineIndex : coarseIndex) * outChannels;
      for (let oc = 0; oc < outChannels; oc++) {
        const group = from + Math.floor(oc / groupOut) * groupIn;
        const filter = (tap * outChannels + oc) * groupIn;
        let sum = 0;
        for (let ic = 0; ic < groupIn; ic++) {
          sum += source[group + ic]! * packed[filter + ic]!;
          multiplies++;
        }
        sums[to + oc]! += sum;
      }
    });
  });
  return { sums, multiplies };
}
