import { describe, expect, it } from 'vitest';
import { compareSeparable } from '../../src/cost/compare.js';
import { compareAlgorithms } from '../../src/cost/compare-algorithms.js';
import { countNetwork } from '../../src/cost/count.js';
import { zooNetworks } from '../../src/zoo/index.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';
import { aNetwork } from '../builders.js';

describe('does separable still win against a fast standard convolution?', () => {
  it('in MobileNet v1 everywhere; F(4x4) halves its lead', () => {
    const { layers, totals } = compareAlgorithms(zooNetwork('zoo:mobilenet-v1'));
    const choices = layers.filter(({ separable }) => separable !== undefined);
    expect(choices).toHaveLength(13);
    expect(choices.every(({ fewest }) => fewest === 'separable')).toBe(true);
    expect(totals.direct).toBe(4_867_293_184);
    expect(totals.separable).toBe(568_740_352);
    // block3: 56x56, 128 to 128: 14 * 14 tiles of 36 products.
    expect(choices[2]!.algorithms.at(-1)!.multiplies).toBe(14 * 14 * 36 * 128 * 128);
  });

  it('not where so few channels come out that 1/K + 1/9 passes 1/4', () => {
    const [few] = compareAlgorithms(aNetwork('@32x32x16 conv3x3 7')).layers;
    const [more] = compareAlgorithms(aNetwork('@32x32x16 conv3x3 8')).layers;
    expect(few).toMatchObject({ fewest: 'winograd-f4x4', ratio: 4 * (1 / 7 + 1 / 9) });
    expect(more).toMatchObject({ fewest: 'separable', ratio: 4 * (1 / 8 + 1 / 9) });
  });
});

it.each(zooNetworks.map(({ name }) => name))('%s: totals are those of the two whole networks', name => {
  const network = zooNetwork(`zoo:${name}`);
  const { totals, layers } = compareAlgorithms(network);
  const { standard, separable } = compareSeparable(network);
  expect(totals.direct).toBe(standard.totals.macs);
  expect(totals.im2col).toBe(standard.totals.macs);
  expect(totals.separable).toBe(separable.totals.macs);
  const counted = countNetwork(network).layers.filter(({ macs }) => macs > 0).length;
  const pairs = layers.filter(({ found }) => found === 'separable').length;
  expect(layers).toHaveLength(counted - pairs);
});
