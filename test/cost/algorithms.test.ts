import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { algorithmCosts } from '../../src/cost/algorithms.js';
import type { ConvProblem } from '../../src/engines/engine.js';
import { referenceConv } from '../../src/engines/reference/conv.js';
import { referenceWinograd } from '../../src/engines/reference/winograd.js';
import { makeActivation } from '../../src/model/activation.js';
import type { ConvGeometry } from '../../src/model/conv.js';
import type { ConvLayer } from '../../src/model/layer.js';
import { aNetwork } from '../builders.js';
import { inputLength, outputLength, weightLength } from '../engines/run-conv.js';
import { smallIntegers } from '../random-conv.js';

const convOf = (tokens: string): ConvLayer => {
  const [layer] = aNetwork(tokens).layers;
  if (layer?.kind !== 'conv') throw new Error('no convolution');
  return layer;
};
const byName = (tokens: string) =>
  Object.fromEntries(algorithmCosts(convOf(tokens)).map(({ algorithm, ...cost }) => [algorithm, cost]));

describe('multiplies', () => {
  it('of a 3x3 convolution by every algorithm', () => {
    const costs = byName('@16x20x3 conv3x3 8');
    const macs = 16 * 20 * 3 * 8 * 9;
    expect(costs['direct']).toEqual({ multiplies: macs, bufferBytes: 0 });
    expect(costs['im2col']).toEqual({ multiplies: macs, bufferBytes: 4 * 16 * 20 * 3 * 9 });
    expect(costs['winograd-f2x2']).toMatchObject({
      multiplies: 8 * 10 * 16 * 3 * 8,
      bufferBytes: 4 * 16 * (24 + 80 * 11),
    });
    expect(costs['winograd-f4x4']).toMatchObject({ multiplies: 4 * 5 * 36 * 3 * 8 });
  });

  it('ragged tiles cost as whole ones', () => {
    expect(byName('@5x7x1 conv3x3 1')['winograd-f4x4']!.multiplies).toBe(2 * 2 * 36);
    expect(byName('@5x7x1 conv3x3 1')['winograd-f2x2']!.multiplies).toBe(3 * 4 * 16);
  });

  it('F(2x2) takes 4/9 of the direct multiplies, F(4x4) a quarter, where tiles are whole', () => {
    const { direct, 'winograd-f2x2': two, 'winograd-f4x4': four } = byName('@32x32x16 conv3x3 16');
    expect(two!.multiplies / direct!.multiplies).toBeCloseTo(4 / 9, 12);
    expect(four!.multiplies / direct!.multiplies).toBe(1 / 4);
  });

  it.each([
    ['@16x16x4 conv5x5 8', ['direct', 'im2col']],
    ['@16x16x4 conv3x3 8 s2', ['direct', 'im2col']],
    ['@16x16x4 conv3x3 8 d2', ['direct', 'im2col']],
    ['@16x16x4 conv3x3 8 g2', ['direct', 'im2col']],
    ['@16x16x4 dw3x3', ['direct', 'im2col']],
    ['@16x4 conv3 8', ['direct', 'im2col']],
    ['@8x8x8x4 conv3x3x3 8', ['direct', 'im2col']],
    ['@16x16x4 tconv3x3 8', ['direct']],
  ])('%s: %j', (tokens, names) => {
    expect(Object.keys(byName(tokens))).toEqual(names);
  });
});

/** Any size around the tile, any padding. */
const anyWinograd = fc
  .record({
    height: fc.integer({ min: 3, max: 11 }),
    width: fc.integer({ min: 3, max: 11 }),
    channels: fc.integer({ min: 1, max: 3 }),
    out: fc.integer({ min: 1, max: 3 }),
    padding: fc.constantFrom('psame', 'pvalid', 'p1', 'p2', 'p2,0,1,3'),
    batch: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ height, width, channels, out, padding, batch }) => {
    const layer = convOf(`@${batch}x${height}x${width}x${channels} conv3x3 ${out} ${padding} bias`);
    return { ...layer, activation: makeActivation('relu') };
  });

describe.each([2, 4, 6] as const)('the reference F(%i x %i, 3 x 3)', size => {
  const kernel = referenceWinograd(size);
  const run = ({ geometry, bias, activation }: ConvLayer) => {
    const problem: ConvProblem = { kind: 'conv', geometry, bias, activation };
    const weights = [smallIntegers(weightLength(geometry), 1), smallIntegers(geometry.outChannels, 2)];
    const input = smallIntegers(inputLength(geometry), 3);
    const [prepared, definition] = [
      kernel.prepare(problem, weights),
      referenceConv().prepare(problem, weights),
    ];
    const [output, expected] = [outputOf(geometry), outputOf(geometry)];
    prepared.run([input], output);
    definition.run([input], expected);
    return { prepared, output, expected };
  };
  const outputOf = (geometry: ConvGeometry) => new Float32Array(outputLength(geometry));

  it('computes what the definition does', () => {
    fc.assert(
      fc.property(anyWinograd, layer => {
        const { output, expected } = run(layer);
        output.forEach((value, i) => {
          expect(Math.abs(value - expected[i]!)).toBeLessThan(
            1e-9 * 64 * 9 * 3 + 1e-5 * Math.abs(expected[i]!),
          );
        });
      }),
    );
  });

  it.skipIf(size === 6)('multiplies as often as the formula says, transforms apart', () => {
    fc.assert(
      fc.property(anyWinograd, layer => {
        const { prepared } = run(layer);
        const cost = algorithmCosts(layer).find(
          ({ algorithm }) => algorithm === `winograd-f${size}x${size}`,
        )!;
        const { input, output, filter } = prepared.transformMultiplies();
        expect(prepared.multiplies()).toBe(cost.multiplies);
        expect(input + output).toBe(cost.transformMultiplies);
        expect(filter).toBe(cost.filterTransformMultiplies);
      }),
    );
  });

  it('takes no other convolutions', () => {
    for (const tokens of ['@8x8x4 conv3x3 4 s2', '@8x8x4 dw3x3', '@8x8x4 conv5x5 4', '@8x8x4 conv3x3 4 d2']) {
      const { geometry, bias, activation } = convOf(tokens);
      expect(kernel.supports({ kind: 'conv', geometry, bias, activation }), tokens).toBe(false);
    }
  });
});
