import { expect, it } from 'vitest';
import { executeSteps, type ReadyStep } from '../../src/engines/execute.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import { standard } from '../../src/rewrite/standard.js';
import { rooflineOf } from '../../src/timing/roofline.js';
import { unitsOf } from '../../src/timing/units.js';
import { aNetwork } from '../builders.js';

async function units(network: ReturnType<typeof aNetwork>, fuse = false) {
  const steps: ReadyStep[] = [];
  const execution = { fuse, data: network.data, readArray: () => Promise.reject(new Error('no files here')) };
  for await (const step of executeSteps(network, createReferenceEngine(), execution)) {
    await step.run();
    steps.push(step);
  }
  return unitsOf(network, steps).map(({ name, output, layers }) => [name, output, layers.length]);
}

it('a pair, what stands between, and the convolution that it replaced are the same unit', async () => {
  const network = aNetwork('@8x8x3 conv3x3 4 relu dw3x3 relu6 pw 8 gap fc 10');
  const pair = ['pw1', 'pw1'];
  expect(await units(network)).toEqual([
    ['conv1', 'conv1', 1],
    [...pair, 3],
    ['fc1', 'fc1', 1],
  ]);
  expect(await units(network, true)).toEqual([
    ['conv1', 'conv1', 1],
    [...pair, 3],
    ['fc1', 'fc1', 1],
  ]);
  expect(await units(standard(network))).toEqual([
    ['conv1', 'conv1', 1],
    [...pair, 1],
    ['fc1', 'fc1', 1],
  ]);
});

it('the roofline is the peak, or the bandwidth times macs per byte', () => {
  const limits = {
    gmacsPerSecond: {},
    peakGmacsPerSecond: 20,
    bandwidth: [
      { arrayBytes: 1e6, copyGBPerSecond: 100, triadGBPerSecond: 90 },
      { arrayBytes: 64e6, copyGBPerSecond: 10, triadGBPerSecond: 9 },
    ],
  };
  expect(rooflineOf(1e9, 1e6, limits)).toEqual({ gmacsPerSecond: 20, limit: 'compute' });
  expect(rooflineOf(1e8, 1e8, limits)).toEqual({ gmacsPerSecond: 10, limit: 'memory' });
  expect(rooflineOf(1e5, 1e6, limits)).toEqual({ gmacsPerSecond: 10, limit: 'memory' });
});
