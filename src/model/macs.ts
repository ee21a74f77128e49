import { type ConvGeometry, coarseSize } from './conv.js';
import { exactProduct, exactSum } from './exact.js';
import type { MatmulProduct } from './layer.js';

/**
 * Multiply-accumulates of the dense algorithm, padding taps included.
 *
 * Convolution: N * K * prod(out) * (C / G) * prod(k). Transposed, where each input element is spread over
 * its window: N * C * prod(in) * (K / G) * prod(k). Both are the same product over the coarse grid.
 *
 * @throws ConvcostError `too-large` past 2^53 - 1
 */
export const convMacs = (geometry: ConvGeometry): number =>
  exactProduct('macs', [
    ...channelPairs(geometry),
    ...geometry.axes.map(axis => coarseSize(geometry, axis) * axis.kernel),
  ]);

/** The factors that no axis of a window changes: N, K and C / G. */
export const channelPairs = ({ batch, inChannels, outChannels, groups }: ConvGeometry): readonly number[] => [
  batch,
  outChannels,
  inChannels / groups,
];

/** batch * m * k * n, over every product of a layer. */
export const matmulMacs = (products: readonly MatmulProduct[]): number =>
  exactSum(
    'macs',
    products.map(({ batch, m, k, n }) => exactProduct('macs', [batch, m, k, n])),
  );
