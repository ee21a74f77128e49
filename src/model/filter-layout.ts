import { ConvcostError } from '../errors.js';
import type { ConvGeometry } from './conv.js';
import type { Shape } from './shape.js';

const spatialLetters = ['', 'W', 'HW', 'DHW'];

/** `HW` for two axes, `DHW` for three. */
export const spatialOf = (axes: number): string => spatialLetters[axes] ?? '';

/**
 * The letters in which a filter layout orders its axes, brought into our own order: `OIHW`, transposed
 * `IOHW`, and for the two depthwise layouts `CMHW` (from HWCM) and `O1HW` (from 1HWO), where output channel
 * = c * M + m.
 */
export function canonicalFilterLetters(layout: string, { transposed, axes }: ConvGeometry): string {
  const spatial = spatialOf(axes.length);
  if (transposed) return `IO${spatial}`;
  if (layout.includes('M')) return `CM${spatial}`;
  return layout.includes('1') ? `O1${spatial}` : `OI${spatial}`;
}

/**
 * The shape that the weights of a convolution have in a layout such as OIHW, HWIO, OHWI, IOHW, HWCM, 1HWO.
 *
 * @throws ConvcostError `bad-filter-layout` where the letters are not those of this convolution
 */
export function filterShape(layout: string, geometry: ConvGeometry): Shape {
  const { transposed, inChannels, outChannels, groups, axes } = geometry;
  const canonical = canonicalFilterLetters(layout, geometry);
  if (!isPermutation(layout, canonical)) {
    throw new ConvcostError('bad-filter-layout', { layout, letters: canonical });
  }
  const spatial = spatialOf(axes.length);
  const size: Record<string, number> = {
    O: transposed ? outChannels / groups : outChannels,
    I: transposed ? inChannels : inChannels / groups,
    C: inChannels,
    M: outChannels / inChannels,
    1: 1,
  };
  axes.forEach((axis, index) => {
    size[spatial[index]!] = axis.kernel;
  });
  const shape = Array.from(layout, letter => size[letter]!);
  const isDepthwiseLayout = canonical.includes('M') || canonical.includes('1');
  if (isDepthwiseLayout && groups !== inChannels) {
    throw new ConvcostError('not-depthwise-layout', { layout, groups, inChannels });
  }
  return shape;
}

/** Whether two layouts hold the same letters. */
export const isPermutation = (a: string, b: string): boolean =>
  a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
