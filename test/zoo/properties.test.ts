import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { convOutput } from '../../src/model/conv.js';
import { elementCount } from '../../src/model/shape.js';
import { zooNetworks } from '../../src/zoo/index.js';
import { formatZooName, parseZooName, zooNetwork } from '../../src/zoo/zoo-name.js';

const anyNetwork = fc.constantFrom(...zooNetworks);

/** Resolutions at which every network still has something left before its last pool. */
const anyResolution = fc.integer({ min: 96, max: 400 });

it('a width multiplier of 1 is the identity', () => {
  for (const { name } of zooNetworks.filter(({ hasWidth }) => hasWidth)) {
    const { layers, params } = zooNetwork(`zoo:${name},width=1`);
    expect({ layers, params }, name).toEqual({
      layers: zooNetwork(`zoo:${name}`).layers,
      params: zooNetwork(`zoo:${name}`).params,
    });
  }
});

describe('a resolution', () => {
  const convCosts = (name: string) =>
    countNetwork(zooNetwork(name)).layers.flatMap(({ layer, macs }) =>
      layer.kind === 'conv' ? [{ macs, area: elementCount(convOutput(layer.geometry).sizes) }] : [],
    );

  it('scales the macs of every convolution as its output area', () => {
    fc.assert(
      fc.property(anyNetwork, anyResolution, ({ name }, resolution) => {
        const published = convCosts(`zoo:${name}`);
        convCosts(`zoo:${name},resolution=${resolution}`).forEach(({ macs, area }, index) => {
          expect(macs * published[index]!.area).toBe(published[index]!.macs * area);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('leaves the params alone', () => {
    fc.assert(
      fc.property(anyNetwork, anyResolution, ({ name }, resolution) => {
        const params = (source: string) => countNetwork(zooNetwork(source)).totals.params;
        expect(params(`zoo:${name},resolution=${resolution}`)).toBe(params(`zoo:${name}`));
      }),
      { numRuns: 25 },
    );
  });
});

it('a name that is printed reads back to the same network and parameters', () => {
  const width = fc.integer({ min: 1, max: 300 }).map(hundredths => hundredths / 100);
  fc.assert(
    fc.property(anyNetwork, anyResolution, width, (network, resolution, some) => {
      const parameters = { resolution, width: network.hasWidth ? some : 1 };
      const name = formatZooName({ network, parameters });
      expect(parseZooName(`zoo:${name}`)).toEqual({ network, parameters });
    }),
  );
});

it('the published parameters are left out of a printed name', () => {
  expect(formatZooName(parseZooName('zoo:mobilenet-v1,resolution=224,width=0.50'))).toBe(
    'mobilenet-v1,width=0.5',
  );
});
