import type { ConvGeometry } from '../model/conv.js';
import { bytesOf } from '../model/dtype.js';
import { exactProduct, exactSum } from '../model/exact.js';
import type { ConvLayer } from '../model/layer.js';
import { convMacs } from '../model/macs.js';
import { isWinogradCase, type Matrix, type Winograd, winograds } from '../model/winograd.js';

/** What one algorithm does for a convolution. */
export interface AlgorithmCost {
  readonly algorithm: AlgorithmName;
  /** Products between weights and inputs. */
  readonly multiplies: number;
  /** What it holds beside inputs, weights and outputs, one image at a time. */
  readonly bufferBytes: number;
  /** Of Winograd: multiplications by constants, other than 1 and -1, in every run. */
  readonly transformMultiplies?: number;
  /** The same, once: filters stay transformed. */
  readonly filterTransformMultiplies?: number;
}

type Formula = (layer: ConvLayer) => Omit<AlgorithmCost, 'algorithm'> | undefined;

/** Fewer multiplies from tiles of m x m outputs (Lavin and Gray, arXiv 1509.09308). */
const winograd =
  (kind: Winograd): Formula =>
  ({ geometry, dtype }) =>
    isWinogradCase(geometry) ? winogradCost(kind, geometry, dtype) : undefined;

/** How convolutions are computed, by name; undefined where one does not apply. To add one, add it here. */
export const algorithms = {
  direct: ({ geometry }) => ({ multiplies: convMacs(geometry), bufferBytes: 0 }),
  /** Every window as a row of a matrix, then one matrix product. */
  im2col: ({ geometry, dtype }) => {
    if (geometry.transposed) return undefined;
    const { inChannels, axes } = geometry;
    const elements = exactProduct('im2col buffer', [
      inChannels,
      ...axes.map(axis => axis.output * axis.kernel),
    ]);
    return { multiplies: convMacs(geometry), bufferBytes: bytesOf(elements, dtype) };
  },
  'winograd-f2x2': winograd(winograds[2]),
  'winograd-f4x4': winograd(winograds[4]),
} as const satisfies Record<string, Formula>;

export type AlgorithmName = keyof typeof algorithms;
export const algorithmNames = Object.keys(algorithms) as readonly AlgorithmName[];

/** Every algorithm that applies to a convolution. */
export const algorithmCosts = (layer: ConvLayer): readonly AlgorithmCost[] =>
  algorithmNames.flatMap(algorithm => {
    const cost = algorithms[algorithm](layer);
    return cost ? [{ algorithm, ...cost }] : [];
  });

/**
 * (m + 2)^2 products for each tile of m x m outputs and pair of channels; ragged tiles cost as whole ones.
 * The buffer holds filters, inputs and sums in the transform's domain.
 */
function winogradCost(
  { outputs: m, inputs: n, input, output, filter }: Winograd,
  { batch, inChannels, outChannels, axes }: ConvGeometry,
  dtype: ConvLayer['dtype'],
): Omit<AlgorithmCost, 'algorithm'> {
  const tiles = exactProduct(
    'tiles',
    axes.map(axis => Math.ceil(axis.output / m)),
  );
  const product = (...factors: number[]) => exactProduct('multiplies', factors);
  return {
    multiplies: product(batch, tiles, n, n, inChannels, outChannels),
    bufferBytes: bytesOf(
      exactSum('buffer', [
        product(n, n, inChannels, outChannels),
        product(n, n, tiles, inChannels),
        product(n, n, tiles, outChannels),
      ]),
      dtype,
    ),
    transformMultiplies: exactSum('multiplies', [
      product(batch, tiles, inChannels, 2 * n, constants(input)),
      product(batch, tiles, outChannels, m + n, constants(output)),
    ]),
    filterTransformMultiplies: product(inChannels, outChannels, 3 + n, constants(filter)),
  };
}

/** Factors that cost a multiplication: not 0, 1 or -1. */
const constants = (matrix: Matrix): number =>
  matrix.flat().filter(factor => Math.abs(factor) !== 1 && factor !== 0).length;
