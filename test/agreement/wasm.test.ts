import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Kernel, Problem } from '../../src/engines/engine.js';
import { hasArithmetic } from '../../src/engines/wasm/features.js';
import { createWasmEngine } from '../../src/engines/wasm/index.js';
import { wasmKernels } from '../../src/engines/wasm/kernels.js';
import { Runtime } from '../../src/engines/wasm/runtime.js';
import { type Tuning, tunings } from '../../src/engines/wasm/tuning.js';
import { type ActivationName, makeActivation } from '../../src/model/activation.js';
import { convOutput } from '../../src/model/conv.js';
import { randomConv } from '../random-conv.js';
import { aConv, type ConvCase, maxRelativeError, tolerance } from './agreement.js';

const engine = await createWasmEngine();
afterAll(() => engine.close());

const kernelFor = (problem: Problem): Kernel => engine.kernels.find(({ supports }) => supports(problem))!;

const expectAgreement = (problem: Problem, kernel = kernelFor(problem)): void => {
  expect(kernel.name).toMatch(/wasmsimd$/);
  expect(maxRelativeError(engine, kernel, problem)).toBeLessThanOrEqual(tolerance(problem));
};

describe('pointwise', () => {
  for (const outChannels of [1, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 40]) {
    it.each([1, 2, 3, 4, 5, 7, 8, 9, 49])(`%i pixels, ${outChannels} columns`, pixels => {
      expectAgreement(aConv({ kernel: 1, sizes: [1, pixels], channels: 5, outChannels }));
    });
  }
  it('batch, relu6, many pixels', () => {
    expectAgreement(
      aConv({
        kernel: 1,
        sizes: [40, 41],
        batch: 3,
        channels: 70,
        outChannels: 20,
        activation: makeActivation('relu6'),
      }),
    );
  });
});

describe('windows', () => {
  it.each([
    { kernel: 3, padding: 1 },
    { kernel: 3, padding: 1, batch: 2, sizes: [7, 9], channels: 3, outChannels: 10 },
    { kernel: 3, stride: 2, padding: 'same' as const, sizes: [9, 8], channels: 3 },
    { kernel: [5, 3], stride: [1, 3], padding: [2, 0, 1, 4], dilation: [2, 1], sizes: [13, 11] },
    { kernel: 3, padding: 1, groups: 2, channels: 6, outChannels: 10 },
    { kernel: 3, padding: 1, groups: 4, channels: 4, outChannels: 8 },
    { kernel: 1, stride: 2 },
    { kernel: 3, sizes: [20] },
    { kernel: 4, stride: 2, padding: 3, dilation: 2, sizes: [20], batch: 2 },
    { kernel: 3, padding: 1, sizes: [4, 5, 6] },
    { kernel: [1, 2, 3], stride: [1, 2, 1], padding: [0, 1, 2], groups: 2, sizes: [4, 5, 6], batch: 2 },
    { kernel: 3, padding: 5, sizes: [2, 2] },
  ])('%j', given => expectAgreement(aConv({ activation: makeActivation('relu'), ...given })));
});

/** A depthwise convolution of `channels`, each giving `times` outputs. */
const aDepthwise = ({ times = 1, channels = 4, ...rest }: ConvCase & { times?: number }) =>
  aConv({ channels, groups: channels, outChannels: channels * times, ...rest });

describe('depthwise', () => {
  const relu6 = makeActivation('relu6');
  for (const channels of [1, 3, 4, 5, 8, 12]) {
    it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 13])(`3x3, ${channels} channels, %i wide`, width => {
      for (const stride of [1, 2]) {
        for (const height of [1, 4, 5]) {
          expectAgreement(
            aDepthwise({ padding: 'same', sizes: [height, width], stride, channels, activation: relu6 }),
          );
        }
      }
    });
  }
  it.each([
    { times: 2, padding: 1 },
    { times: 3, channels: 5, padding: 1, stride: 2, batch: 2 },
    { kernel: 5, padding: 2, sizes: [9, 11] },
    { kernel: 7, padding: 3, sizes: [9, 20] },
    { kernel: 9, padding: 4, sizes: [12, 20], channels: 6 },
    { kernel: [1, 11], padding: [0, 5], sizes: [3, 24], channels: 7 },
    { kernel: 3, dilation: 2, padding: 2, sizes: [9, 11] },
    { kernel: 3, dilation: [1, 3], stride: [3, 1], padding: [1, 3], sizes: [9, 20], channels: 5 },
    { kernel: 3, stride: 3, padding: 1, sizes: [10, 10] },
    { kernel: 2, stride: 2, sizes: [8, 8] },
    { kernel: 3, padding: 1, sizes: [30], channels: 6 },
    { kernel: 3, padding: 1, sizes: [5, 6, 7], channels: 6, batch: 2 },
    { kernel: 3, padding: 7, sizes: [5, 6] },
    { kernel: 3, padding: 1, sizes: [7, 7], channels: 512, batch: 2 },
    { kernel: 3, padding: 1, sizes: [14, 14], channels: 512, stride: 2 },
    { kernel: 5, padding: 2, sizes: [6, 5], channels: 512, times: 2 },
    { kernel: 1, sizes: [5, 6], channels: 6 },
  ])('%j', given => expectAgreement(aDepthwise(given)));
});

describe.each([2, 4, 6] as const)('winograd %i', size => {
  // Winograd's transforms cancel large terms: these are the errors that docs/kernels.md states.
  const limits = { 2: 2e-6, 4: 3e-5, 6: 3e-4 };
  it.each([
    { padding: 1 },
    { padding: 1, sizes: [1, 1] },
    { padding: 1, sizes: [7, 13], channels: 5, outChannels: 9, batch: 2 },
    { padding: 0, sizes: [8, 9], channels: 17, outChannels: 3 },
    { padding: [0, 2, 1, 0], sizes: [12, 11], channels: 8, outChannels: 16 },
    { padding: 3, sizes: [5, 6], channels: 3, outChannels: 1 },
    { padding: 1, sizes: [40, 56], channels: 24, outChannels: 40, batch: 2 },
  ])('%j', async given => {
    const wasm = await createWasmEngine({ algorithm: `winograd-${size}` });
    const problem = aConv({ activation: makeActivation('relu'), ...given });
    const kernel = wasm.kernels.find(({ supports }) => supports(problem))!;
    expect(kernel.name).toBe(`f32-winograd-${size}x${size}-3x3-wasmsimd`);
    expect(maxRelativeError(wasm, kernel, problem)).toBeLessThan(limits[size]);
    await wasm.close();
  });
});

describe('separable', () => {
  const aPair = (
    { outChannels = 6, ...given }: ConvCase & { times?: number },
    activation: ActivationName,
  ): Problem => {
    const depthwise = { ...aDepthwise(given), activation: makeActivation(activation) };
    const { batch, channels, sizes } = convOutput(depthwise.geometry);
    return {
      kind: 'separable',
      depthwise,
      pointwise: aConv({
        kernel: 1,
        batch,
        channels,
        sizes,
        outChannels,
        activation: makeActivation('relu'),
      }),
    };
  };
  it.each([
    { padding: 1, channels: 5 },
    { padding: 1, stride: 2, batch: 3, sizes: [9, 12], channels: 8, outChannels: 17 },
    { padding: 1, sizes: [112, 60], channels: 16, outChannels: 8 },
    { kernel: 5, padding: 2, sizes: [11, 7], channels: 4 },
    { padding: 1, times: 2 },
    { padding: 1, sizes: [6, 6], channels: 512 },
    { padding: 1, sizes: [20], channels: 3 },
  ])('%j', given => {
    expectAgreement(aPair(given, 'relu6'));
    expectAgreement(aPair(given, 'sigmoid'));
  });
});

const runnable = Object.entries<Tuning>(tunings).filter(([, { arithmetic }]) => hasArithmetic(arithmetic));

describe.each(runnable)('any convolution, on every kernel that takes it, tuned for %s', (_, tuning) => {
  const runtime = new Runtime({ tuning });
  const kernels = wasmKernels(runtime, 'direct');
  const { arena } = runtime;
  const memory = { allocate: (length: number) => arena.floats(arena.reserve(length * 4), length) };

  it.each([false, true])('transposed: %s', transposed => {
    fc.assert(
      fc.property(randomConv({ transposed }), ({ spec, input }) => {
        const problem = aConv({ ...spec, ...input, activation: makeActivation('relu') });
        const able = kernels.filter(({ supports }) => supports(problem));
        expect(able.length).toBeGreaterThan(0);
        for (const kernel of able) expect(maxRelativeError(memory, kernel, problem)).toBe(0);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it.each([1, 7, 8, 9, 15, 16, 17, 33])('%i columns of a product', columns => {
    for (const pixels of [1, 2, 3, 4, 5, 6, 7, 11, 12, 13]) {
      const problem = aConv({ kernel: 1, sizes: [pixels], channels: 3, outChannels: columns });
      expect(maxRelativeError(memory, kernels[0]!, problem)).toBe(0);
    }
  });
});

describe('transposed', () => {
  it.each([
    { kernel: 3, stride: 2, padding: 1 },
    { kernel: 2, stride: 2 },
    { kernel: 2, stride: 3, sizes: [4, 5] },
    { kernel: 4, stride: 2, padding: 1, outputPadding: 1, batch: 2, channels: 6, outChannels: 10, groups: 2 },
    { kernel: 3, stride: [3, 2], dilation: [2, 3], sizes: [5, 4] },
    { kernel: 3, padding: 2, dilation: 1 },
    { kernel: 5, stride: 2, padding: 'same' as const, sizes: [6] },
    { kernel: 3, stride: 2, sizes: [3, 2, 4], outputPadding: 1 },
    { kernel: 3, stride: 2, groups: 4, channels: 4, outChannels: 4 },
    { kernel: 3, stride: 1, padding: 4, sizes: [9, 9], outChannels: 3 },
    { kernel: 3, stride: 2, outputShape: [20, 17] },
  ])('%j', given => expectAgreement(aConv({ transposed: true, ...given })));
});

it.each(['sigmoid', 'leakyRelu', 'hardswish', 'reluN1To1', 'clamp'] as const)('activation %s', name => {
  expectAgreement(aConv({ padding: 1, activation: makeActivation(name, { min: -0.25, max: 0.5 }) }));
});

it.each([
  { batch: 1, m: 1, k: 10, n: 1000 },
  { batch: 1, m: 3, k: 17, n: 9 },
])('dense %j', product => {
  expectAgreement({ kind: 'matmul', product, weights: true, bias: true, activation: makeActivation('none') });
});
