import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convMacsInBounds } from '../../src/cost/conv.js';
import { type ConvGeometry, resolveConv } from '../../src/model/conv.js';
import { convMacs } from '../../src/model/macs.js';
import type { WindowAxis } from '../../src/model/window.js';
import { randomConv } from '../random-conv.js';

/** The pairs of one axis that touch an input and a kept output, one by one. */
function pairsByHand(axis: WindowAxis, transposed: boolean): number {
  const [coarse, fine] = transposed ? [axis.input, axis.output] : [axis.output, axis.input];
  let pairs = 0;
  for (let position = 0; position < coarse; position++) {
    for (let tap = 0; tap < axis.kernel; tap++) {
      const at = position * axis.stride + tap * axis.dilation - axis.padBegin;
      if (at >= 0 && at < fine) pairs++;
    }
  }
  return pairs;
}

const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

const byHand = ({ batch, inChannels, outChannels, groups, axes, transposed }: ConvGeometry) =>
  batch * outChannels * (inChannels / groups) * product(axes.map(axis => pairsByHand(axis, transposed)));

describe('macs in bounds', () => {
  it('are in closed form what a loop over every tap counts', () => {
    fc.assert(
      fc.property(randomConv(), ({ spec, input }) => {
        const geometry = resolveConv(spec, input);
        expect(convMacsInBounds(geometry)).toBe(byHand(geometry));
      }),
      { numRuns: 2000 },
    );
  });

  it('also on long axes with wide strides and dilations', () => {
    const wide = fc.record({
      kernel: fc.integer({ min: 1, max: 40 }),
      stride: fc.integer({ min: 1, max: 30 }),
      dilation: fc.integer({ min: 1, max: 30 }),
      begin: fc.integer({ min: 0, max: 300 }),
      end: fc.integer({ min: 0, max: 300 }),
      size: fc.integer({ min: 1, max: 300 }),
      transposed: fc.boolean(),
    });
    fc.assert(
      fc.property(wide, ({ kernel, stride, dilation, begin, end, size, transposed }) => {
        const extent = (kernel - 1) * dilation + 1;
        fc.pre(transposed ? (size - 1) * stride + extent > begin + end : extent <= size + begin + end);
        const geometry = resolveConv(
          { kernel, stride, dilation, padding: { begin, end }, transposed, outChannels: 1 },
          { batch: 1, channels: 1, sizes: [size] },
        );
        expect(convMacsInBounds(geometry)).toBe(byHand(geometry));
      }),
      { numRuns: 2000 },
    );
  });

  it('are at most the dense count', () => {
    fc.assert(
      fc.property(randomConv(), ({ spec, input }) => {
        const geometry = resolveConv(spec, input);
        expect(convMacsInBounds(geometry)).toBeLessThanOrEqual(convMacs(geometry));
      }),
      { numRuns: 1000 },
    );
  });

  it('are the dense count where nothing is padded', () => {
    fc.assert(
      fc.property(randomConv({ padding: 'none' }), ({ spec, input }) => {
        const geometry = resolveConv(spec, input);
        expect(convMacsInBounds(geometry)).toBe(convMacs(geometry));
      }),
      { numRuns: 1000 },
    );
  });

  it('are exact where a loop would never end', () => {
    // Every output but the first and the last has its three taps.
    const size = 3_000_000_000;
    const geometry = resolveConv(
      { kernel: 3, padding: 1, outChannels: 1 },
      { batch: 1, channels: 1, sizes: [size] },
    );
    expect(convMacsInBounds(geometry)).toBe(3 * size - 2);
  });
});

describe('dense macs', () => {
  it('follow the formulas of docs/counting.md', () => {
    fc.assert(
      fc.property(randomConv(), ({ spec, input }) => {
        const geometry = resolveConv(spec, input);
        const { batch, inChannels: C, outChannels: K, groups: G, axes } = geometry;
        const kernel = product(axes.map(axis => axis.kernel));
        const sizes = product(axes.map(axis => (geometry.transposed ? axis.input : axis.output)));
        const formula = geometry.transposed
          ? batch * C * sizes * (K / G) * kernel
          : batch * K * sizes * (C / G) * kernel;
        expect(convMacs(geometry)).toBe(formula);
      }),
      { numRuns: 1000 },
    );
  });
});
