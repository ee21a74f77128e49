import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ownEngines } from '../../src/engines/index.js';
import { type ConvGeometry, resolveConv } from '../../src/model/conv.js';
import { kernelExtent } from '../../src/model/window.js';
import { type RandomConv, randomConv, smallIntegers } from '../random-conv.js';
import { inputLength, outputLength, runConv, weightLength } from './run-conv.js';

/**
 * What is true of every convolution, whoever computes it. All values are small whole numbers, so that both
 * sides of each law are exact and must be equal to the last bit.
 */
describe.each(Object.entries(ownEngines))('convolutions of the %s engine', async (_, { create }) => {
  const engine = await create();
  afterAll(() => engine.close());

  const run = async (geometry: ConvGeometry, input: Float32Array, weights: Float32Array) =>
    (await runConv(engine, geometry, input, weights)).output;
  const holds = (
    conv: fc.Arbitrary<RandomConv>,
    law: (geometry: ConvGeometry, seed: number) => Promise<void>,
  ) =>
    fc.assert(
      fc.asyncProperty(conv, fc.nat(1000), ({ spec, input }, seed) => law(resolveConv(spec, input), seed)),
      { numRuns: 200 },
    );

  it('are linear in the input', () =>
    holds(randomConv(), async (geometry, seed) => {
      const [a, b] = [
        smallIntegers(inputLength(geometry), seed),
        smallIntegers(inputLength(geometry), seed + 1),
      ];
      const w = smallIntegers(weightLength(geometry), seed + 2);
      const [ya, yb] = [await run(geometry, a, w), await run(geometry, b, w)];
      const combined = await run(geometry, combine(a, b), w);
      expect(combined).toEqual(combine(ya, yb));
    }));

  it('are linear in the weights', () =>
    holds(randomConv(), async (geometry, seed) => {
      const x = smallIntegers(inputLength(geometry), seed);
      const [a, b] = [
        smallIntegers(weightLength(geometry), seed + 1),
        smallIntegers(weightLength(geometry), seed + 2),
      ];
      const combined = await run(geometry, x, combine(a, b));
      expect(combined).toEqual(combine(await run(geometry, x, a), await run(geometry, x, b)));
    }));

  it('move their output by one where the input moves by a stride', () =>
    holds(randomConv({ transposed: false, padding: 'none', batch: 1 }), async (geometry, seed) => {
      const [first, ...others] = geometry.axes;
      const { input, output, stride } = first!;
      fc.pre(output > 1);
      const moved = {
        ...geometry,
        axes: [{ ...first!, input: input - stride, output: output - 1 }, ...others],
      };
      const x = smallIntegers(inputLength(geometry), seed);
      const w = smallIntegers(weightLength(geometry), seed + 1);
      const y = await run(geometry, x, w);
      const yMoved = await run(moved, x.subarray((x.length / input) * stride), w);
      expect(yMoved).toEqual(y.slice(y.length / output));
    }));

  it('have the transposed convolution as their adjoint: <conv(x), y> = <x, convT(y)>', () =>
    holds(randomConv({ transposed: false }), async (geometry, seed) => {
      const x = smallIntegers(inputLength(geometry), seed);
      const w = smallIntegers(weightLength(geometry), seed + 1);
      const y = smallIntegers(outputLength(geometry), seed + 2);
      const backwards = await run(adjointOf(geometry), y, w);
      expect(dot(await run(geometry, x, w), y)).toBe(dot(x, backwards));
    }));

  it('in groups are the convolutions of the parts', () =>
    holds(randomConv({ batch: 1 }), async (geometry, seed) => {
      const { groups, inChannels, outChannels } = geometry;
      const x = smallIntegers(inputLength(geometry), seed);
      const w = smallIntegers(weightLength(geometry), seed + 1);
      const part = {
        ...geometry,
        groups: 1,
        inChannels: inChannels / groups,
        outChannels: outChannels / groups,
      };
      const parts: Float32Array[] = [];
      for (let group = 0; group < groups; group++) {
        const own = channelsOf(x, inChannels, group * part.inChannels, part.inChannels);
        parts.push(
          await run(part, own, w.slice((group * w.length) / groups, ((group + 1) * w.length) / groups)),
        );
      }
      const y = await run(geometry, x, w);
      parts.forEach((output, group) => {
        expect(channelsOf(y, outChannels, group * part.outChannels, part.outChannels)).toEqual(output);
      });
    }));

  it('with a dilation are those of a wider kernel with zeros in it', () =>
    holds(randomConv(), async (geometry, seed) => {
      const x = smallIntegers(inputLength(geometry), seed);
      const w = smallIntegers(weightLength(geometry), seed + 1);
      const widened = {
        ...geometry,
        axes: geometry.axes.map(axis => ({ ...axis, kernel: kernelExtent(axis), dilation: 1 })),
      };
      expect(await run(widened, x, withZeros(geometry, w))).toEqual(await run(geometry, x, w));
    }));
});

/** 3a + b. */
const combine = (a: Float32Array, b: Float32Array) => a.map((value, i) => 3 * value + b[i]!);

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The transposed convolution with the same weights: it reads what the convolution writes. */
const adjointOf = ({ batch, inChannels, outChannels, groups, axes }: ConvGeometry): ConvGeometry =>
  resolveConv(
    {
      transposed: true,
      outChannels: inChannels,
      groups,
      kernel: axes.map(axis => axis.kernel),
      stride: axes.map(axis => axis.stride),
      dilation: axes.map(axis => axis.dilation),
      padding: { begin: axes.map(axis => axis.padBegin), end: axes.map(axis => axis.padEnd) },
      outputShape: axes.map(axis => axis.input),
    },
    { batch, channels: outChannels, sizes: axes.map(axis => axis.output) },
  );

/** Some of the channels of a channels-last map. */
const channelsOf = (map: Float32Array, channels: number, start: number, count: number) =>
  map.filter((_, i) => i % channels >= start && i % channels < start + count);

/** The weights of a dilated kernel, spread over the elements that it spans. */
function withZeros({ axes }: ConvGeometry, weights: Float32Array): Float32Array {
  let spread = weights;
  let inner = 1;
  for (const { kernel, dilation } of axes.toReversed()) {
    const extent = kernelExtent({ kernel, dilation });
    const next = new Float32Array((spread.length / kernel) * extent);
    spread.forEach((value, i) => {
      const tap = Math.floor(i / inner) % kernel;
      const outer = Math.floor(i / (inner * kernel));
      next[(outer * extent + tap * dilation) * inner + (i % inner)] = value;
    });
    spread = next;
    inner *= extent;
  }
  return spread;
}
