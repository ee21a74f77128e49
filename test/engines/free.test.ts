import { describe, expect, it } from 'vitest';
import { executeSteps } from '../../src/engines/execute.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import { aNetwork } from '../builders.js';

/** The last output of tokens over 1 x size x size x channels: values 0, 1, 2 ... in NHWC. */
async function run(tokens: string): Promise<number[]> {
  const network = aNetwork(tokens);
  const data = new Map([['input', { type: 'fill', fill: 'ramp', seed: 1 } as const]]);
  let last: number[] = [];
  const options = { fuse: false, data, readArray: () => Promise.reject(new Error('no files here')) };
  for await (const ready of executeSteps(network, createReferenceEngine(), options)) {
    await ready.run();
    last = Array.from(ready.output);
  }
  return last;
}

describe('layers without multiplies', () => {
  it.each<[string, string, readonly number[]]>([
    // 0 1 2 3 / 4 5 6 7 / 8 9 10 11 / 12 13 14 15
    ['max pooling', '@4x4x1 maxpool2x2', [5, 7, 13, 15]],
    ['max pooling with a partial last window', '@3x3x1 maxpool2x2 ceil', [4, 5, 7, 8]],
    ['average pooling', '@4x4x1 avgpool2x2', [2.5, 4.5, 10.5, 12.5]],
    ['average pooling, padding counted (PyTorch default)', '@2x2x1 avgpool3x3 s2 p1', [6 / 9]],
    ['average pooling, padding left out (TensorFlow SAME)', '@2x2x1 avgpool3x3 s2 psame', [1.5]],
    ['global average pooling', '@2x2x2 gap', [3, 4]],
    ['adaptive pooling over uneven parts', '@3x3x1 adaptivepool size=2', [2, 3, 5, 6]],
    ['channel shuffle', '@1x1x6 shuffle g2', [0, 3, 1, 4, 2, 5]],
    ['a slice of channels', '@1x2x4 slice start=1 end=3', [1, 2, 5, 6]],
    ['concat', '@1x2x2 relu name=a concat from=a,input', [0, 1, 0, 1, 2, 3, 2, 3]],
    ['add', '@1x2x2 relu name=a add from=a,input', [0, 2, 4, 6]],
    ['mul by one value a channel', '@1x2x2 gap name=g mul from=input,g', [0, 2, 2, 6]],
    ['batch norm as it begins, an identity', '@1x2x1 bn eps=0', [0, 1]],
  ])('%s', async (_, tokens, expected) => {
    const values = await run(tokens);
    expect(values.length).toBe(expected.length);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });

  it('softmax sums to one and keeps the order', async () => {
    const values = await run('@1x1x4 softmax');
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });
});
