import { type ConvGeometry, convOutput } from '../../model/conv.js';
import { elementCount } from '../../model/shape.js';
import type { PreparedKernel } from '../engine.js';

/** For a batch of 0. */
export const nothingToRun: PreparedKernel = { run: () => {} };

export const isEmpty = ({ batch }: ConvGeometry): boolean => batch === 0;

export const outputLength = (geometry: ConvGeometry): number => {
  const { batch, channels, sizes } = convOutput(geometry);
  return elementCount([batch, ...sizes, channels]);
};

/** Taps of the whole kernel. */
export const kernelTaps = ({ axes }: Pick<ConvGeometry, 'axes'>): number =>
  axes.reduce((taps, { kernel }) => taps * kernel, 1);
