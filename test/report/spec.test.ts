import { expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import type { Network } from '../../src/model/network.js';
import { renderSpec } from '../../src/report/spec.js';
import { aNetwork } from '../builders.js';

const render = (...networks: readonly Network[]) =>
  renderSpec({ kind: 'cost', convention: 'convcost', costs: networks.map(countNetwork), view: {} });

it('a file that would count otherwise is not written', () => {
  const network = aNetwork('@8x8x3 conv3x3 4');
  const params = new Map(
    [...network.params].map(([name, param]) => [name, { ...param, shape: [4, 3, 3, 5] }]),
  );
  expect(() => render({ ...network, params })).toThrow(
    expect.objectContaining({
      code: 'cannot-export',
      message: expect.stringContaining('it would have 108 params there, in place of 180'),
    }),
  );
});

it('one network goes into one file', () => {
  const network = aNetwork('@8x8x3 conv3x3 4');
  expect(render(network)).toContain('op: conv');
  expect(() => render(network, network)).toThrow(expect.objectContaining({ code: 'not-one-network' }));
});
