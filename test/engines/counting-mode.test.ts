import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convMacsInBounds } from '../../src/cost/conv.js';
import { countNetwork } from '../../src/cost/count.js';
import { executeSteps } from '../../src/engines/execute.js';
import type { PaddingTaps } from '../../src/engines/reference/conv.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import { parseNetwork } from '../../src/index.js';
import { resolveConv } from '../../src/model/conv.js';
import { convMacs } from '../../src/model/macs.js';
import { randomConv, smallIntegers } from '../random-conv.js';
import { inputLength, runConv, weightLength } from './run-conv.js';

describe('the multiplications that the reference convolution does', () => {
  it.each([
    ['multiply', 'the dense count', convMacs],
    ['skip', 'the count in bounds', convMacsInBounds],
  ] as const)('with padding taps "%s" are %s', (paddingTaps, _, formula) =>
    fc.assert(
      fc.asyncProperty(randomConv(), async ({ spec, input }) => {
        const geometry = resolveConv(spec, input);
        const x = smallIntegers(inputLength(geometry), 1);
        const w = smallIntegers(weightLength(geometry), 2);
        const { multiplies } = await runConv(createReferenceEngine(paddingTaps), geometry, x, w);
        expect(multiplies).toBe(formula(geometry));
      }),
      { numRuns: 300 },
    ),
  );
});

describe('the multiplications of whole networks', () => {
  const networks = [
    '@9x9x4 conv3x3 6 s2 relu dw5x5 m2 pw 8 gap fc 10',
    '@7x3 conv3 6 s2 d2 tconv4 5 s2',
    '@5x6x7x2 conv2x3x3 4 s2x1x2 p1 g2 tconv3x3x3 2 s2',
    '@8x8x6 sep3x3 8 s2 d2 sep5x5 8',
    '@4x4x4 ir3x3 t3 4 flatten fc 3',
  ];

  async function multipliesOf(tokens: string, paddingTaps: PaddingTaps, fuse: boolean): Promise<number> {
    const network = parseNetwork(tokens);
    const readArray = () => Promise.reject(new Error('no files here'));
    let total = 0;
    const options = { fuse, data: network.data, readArray };
    for await (const ready of executeSteps(network, createReferenceEngine(paddingTaps), options)) {
      await ready.run();
      total += ready.prepared.multiplies?.() ?? 0;
    }
    return total;
  }

  it.each(
    networks.flatMap(
      tokens =>
        [
          [tokens, false],
          [tokens, true],
        ] as const,
    ),
  )('are the totals: %s, fused %s', async (tokens, fuse) => {
    const { macs, macsInBounds } = countNetwork(parseNetwork(tokens)).totals;
    expect(await multipliesOf(tokens, 'multiply', fuse)).toBe(macs);
    expect(await multipliesOf(tokens, 'skip', fuse)).toBe(macsInBounds);
  });
});
