import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConv } from '../../src/model/conv.js';
import { kernelExtent, type Padding, type WindowAxis } from '../../src/model/window.js';
import { aConv } from '../builders.js';
import { randomConv } from '../random-conv.js';

/** The size that the edges of a transposed axis leave. */
const sizeByEdges = (axis: WindowAxis) =>
  (axis.input - 1) * axis.stride + kernelExtent(axis) + axis.outputPadding - axis.padBegin - axis.padEnd;

describe('transposed convolutions', () => {
  it('have the size that their edges leave, however these were asked for', () => {
    fc.assert(
      fc.property(randomConv({ transposed: true }), ({ spec, input }) => {
        for (const axis of resolveConv(spec, input).axes) expect(axis.output).toBe(sizeByEdges(axis));
      }),
    );
  });

  it('also where the output is given', () => {
    const sizes = fc.record({
      target: fc.integer({ min: 1, max: 30 }),
      padding: fc.constantFrom<Padding>('same-upper', 'same-lower', 'valid', 1),
      stride: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(sizes, ({ target, padding, stride }) => {
        const { axes } = aConv({ transposed: true, outputShape: [target, target], padding, stride });
        for (const axis of axes) {
          expect(axis.output).toBe(target);
          expect(sizeByEdges(axis)).toBe(target);
        }
      }),
    );
  });

  // | padding | input | stride | output | begin | end |
  it.each([
    ['same-upper', 3, 2, 6, 0, 1],
    ['same-lower', 3, 2, 6, 1, 0],
    ['valid', 3, 2, 7, 0, 0],
    [1, 3, 2, 5, 1, 1],
  ] as const)(
    '%s: %d by stride %d gives %d, padding %d and %d',
    (padding, size, stride, output, begin, end) => {
      const [axis] = aConv({ transposed: true, padding, stride }, { sizes: [size, size] }).axes;
      expect(axis).toMatchObject({ output, padBegin: begin, padEnd: end, outputPadding: 0 });
    },
  );
});
