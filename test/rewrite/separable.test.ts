import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSeparable } from '../../src/cost/compare.js';
import { countNetwork } from '../../src/cost/count.js';
import { separable } from '../../src/rewrite/separable.js';
import { standard } from '../../src/rewrite/standard.js';
import { aNetwork } from '../builders.js';

const whole = (min: number, max: number) => fc.integer({ min, max });

/** One standard convolution, written as tokens. */
const anyStandard = fc
  .record({
    size: whole(7, 20),
    channels: whole(2, 40),
    out: whole(1, 60),
    kernel: fc.tuple(whole(1, 5), whole(2, 5)),
    stride: whole(1, 3),
    dilation: whole(1, 2),
    padding: fc.constantFrom('psame', 'psame-lower', 'p2'),
    bias: fc.constantFrom('bias', 'nobias'),
  })
  .map(
    ({ size, channels, out, kernel, stride, dilation, padding, bias }) =>
      `@${size}x${size}x${channels} conv${kernel.join('x')} ${out} s${stride} d${dilation} ${padding} ${bias}`,
  );

describe('the law 1/K + 1/(kh * kw)', () => {
  it('holds for every standard convolution', () => {
    fc.assert(
      fc.property(anyStandard, tokens => {
        const [layer] = compareSeparable(aNetwork(tokens)).layers;
        expect(layer!.ratio).toBeCloseTo(layer!.law, 12);
      }),
    );
  });

  it('holds, times the multiplier, for every pair', () => {
    fc.assert(
      fc.property(
        whole(2, 20),
        whole(1, 4),
        whole(1, 40),
        whole(2, 5),
        (channels, multiplier, out, kernel) => {
          const [layer] = compareSeparable(
            aNetwork(`@9x9x${channels} dw${kernel}x${kernel} m${multiplier} pw ${out}`),
          ).layers;
          expect(layer!.found).toBe('separable');
          expect(layer!.ratio).toBeCloseTo(multiplier * (1 / out + 1 / kernel ** 2), 12);
        },
      ),
    );
  });
});

describe('separable and standard are inverses', () => {
  it('standard after separable gives back the counts', () => {
    fc.assert(
      fc.property(anyStandard, tokens => {
        const network = aNetwork(tokens);
        const there = countNetwork(network).totals;
        const back = countNetwork(standard(separable(network))).totals;
        expect(back).toEqual(there);
      }),
    );
  });

  it('rewriting twice equals once', () => {
    fc.assert(
      fc.property(anyStandard, tokens => {
        const once = separable(aNetwork(tokens));
        expect(separable(once)).toEqual(once);
      }),
    );
  });

  it('shapes stay the same', () => {
    fc.assert(
      fc.property(anyStandard, tokens => {
        const network = aNetwork(tokens);
        expect(separable(network).layers.at(-1)!.outputs).toEqual(network.layers.at(-1)!.outputs);
      }),
    );
  });
});

describe('what is rewritten', () => {
  const names = (tokens: string, layers?: (name: string) => boolean) =>
    separable(aNetwork(tokens), { layers }).layers.map(({ name }) => name);

  it('the first of several convolutions stays, as in MobileNet', () => {
    expect(names('@32x32x3 conv3x3 8 conv3x3 8')).toEqual(['conv1', 'conv2.dw', 'conv2.pw']);
  });

  it('an only convolution is rewritten', () => {
    expect(names('@32x32x3 conv3x3 8 relu')).toEqual(['conv1.dw', 'conv1.pw', 'relu1']);
  });

  it('the first too where it is named', () => {
    expect(names('@32x32x3 conv3x3 8 conv3x3 8', name => name === 'conv1')).toEqual([
      'conv1.dw',
      'conv1.pw',
      'conv2',
    ]);
  });

  it('grouped, pointwise and transposed convolutions stay', () => {
    const tokens = '@32x32x4 conv3x3 8 conv3x3 8 g2 pw 8 tconv2x2 4 s2';
    expect(separable(aNetwork(tokens))).toEqual(aNetwork(tokens));
  });

  it('depthwise keeps stride and dilation, pointwise bias and activation', () => {
    const [depthwise, pointwise] = separable(aNetwork('@32x32x3 conv5x3 8 s2 d2 bias act=relu6')).layers;
    if (depthwise?.kind !== 'conv') throw new Error('no convolution');
    expect(depthwise).toMatchObject({ bias: false, activation: { name: 'none' } });
    expect(pointwise).toMatchObject({ bias: true, activation: { name: 'relu6' } });
    expect(depthwise.geometry.axes.map(axis => [axis.kernel, axis.stride, axis.dilation])).toEqual([
      [5, 2, 2],
      [3, 2, 2],
    ]);
  });

  it('a pair whose middle is read by another layer is no pair', () => {
    const tokens = '@8x8x4 dw3x3 name=a pw 4 name=b add from=a,b';
    expect(standard(aNetwork(tokens))).toEqual(aNetwork(tokens));
  });

  it('an activation between the two belongs to the pair', () => {
    expect(standard(aNetwork('@8x8x4 dw3x3 relu6 pw 8')).layers).toMatchObject([{ name: 'pw1', op: 'conv' }]);
  });

  it('pairs are called by what their names have in common, where that is their own', () => {
    const names = (tokens: string) => standard(aNetwork(tokens)).layers.map(({ name }) => name);
    expect(names('@8x8x4 dw3x3 name=b.dw pw 8 name=b.pw')).toEqual(['b']);
    expect(names('@8x8x4 dw3x3 name=/b/b.0/Conv pw 8 name=/b/b.1/Conv')).toEqual(['/b/b']);
    // Two pairs of one block, or a layer of that name: then each keeps its pointwise layer's.
    const two = '@8x8x4 dw3x3 name=b.0 pw 4 name=b.1 dw3x3 name=b.2 pw 4 name=b.3';
    expect(names(two)).toEqual(['b.1', 'b.3']);
    expect(countNetwork(standard(aNetwork(two))).totals.params).toBe(2 * 4 * 4 * 9);
    expect(names('@8x8x4 pw 4 name=b dw3x3 name=b.dw pw 8 name=b.pw')).toEqual(['b', 'b.pw']);
  });
});
