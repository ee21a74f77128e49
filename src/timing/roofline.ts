import type { MachineLimits } from './machine-limits.js';

/** What work may reach on this machine at best, and what holds it back. */
export interface Roofline {
  readonly gmacsPerSecond: number;
  readonly limit: 'compute' | 'memory';
}

/**
 * The roofline of Williams, Waterman and Patterson (2009): the peak of the vector unit, or the bandwidth at the
 * size of the work times its macs per byte, whichever is lower.
 *
 * @param bytes input, weights and output, once each
 */
export function rooflineOf(macs: number, bytes: number, limits: MachineLimits): Roofline {
  const memory = (bandwidthAt(bytes, limits) * macs) / bytes;
  const { peakGmacsPerSecond } = limits;
  return memory < peakGmacsPerSecond
    ? { gmacsPerSecond: memory, limit: 'memory' }
    : { gmacsPerSecond: peakGmacsPerSecond, limit: 'compute' };
}

/** GB/s where so many bytes live: those of the smallest measured arrays (two of them) that hold them. */
function bandwidthAt(bytes: number, { bandwidth }: MachineLimits): number {
  const found = bandwidth.find(({ arrayBytes }) => 2 * arrayBytes >= bytes) ?? bandwidth.at(-1);
  return found?.copyGBPerSecond ?? Number.POSITIVE_INFINITY;
}
