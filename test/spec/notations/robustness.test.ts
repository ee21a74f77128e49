import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConvcostError } from '../../../src/errors.js';
import { detectNotation, notations } from '../../../src/spec/notations/index.js';
import { networkOf } from './helpers.js';
import { printMobilenetV2 } from './torch-print.js';

/** What each notation reads, to be broken. */
const samples: Readonly<Record<string, string>> = {
  pytorch: printMobilenetV2().slice(0, 1500),
  'paper-table': 'Conv / s2 | 3x3x3x32 | 224x224x3\n5x Conv dw / s1 | 3x3x32 dw | 112x112x32\n',
  'mobilenet-v2-rows': '224²x3 conv2d - 32 1 2\n112x112x32 bottleneck 1 16 1 1\n6 24 2 2\navgpool - - 1 -\n',
  'timm-blocks': "[['ds_r1_k3_s1_c16_se0.25'], ['ir_r2_k3_s2_e6_c24_nhs', 'er_r1_k3_e4_c24_fc24_noskip']]",
  keras:
    'x = Input((28, 28, 1))\nx = Conv2D(8, 3, padding="same")(x)\nZeroPadding2D(((0, 1), (0, 1)))\nDense(10)',
  tokens: '@224x224x3 conv3x3 32 s2 name=a # first\nmbconv3x3 24 t6 squeeze=0.25 add from=a,a',
};

/** Cuts, doubles and replaces pieces of a text. */
const broken = (text: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.nat(text.length),
        fc.nat(12),
        fc.oneof(
          fc.constantFrom('', '(', ')', ',', '\n', '0', '9'.repeat(30), '-1', 'x', '|', "'"),
          fc.string(),
        ),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map(edits =>
      edits.reduce(
        (result, [start, length, put]) => result.slice(0, start) + put + result.slice(start + length),
        text,
      ),
    );

describe('a broken text is read, or refused with a code and a message for people', () => {
  it.each(notations.map(({ name }) => name))('%s', from => {
    fc.assert(
      fc.property(broken(samples[from]!), fc.boolean(), (text, loose) => {
        try {
          networkOf(text, { from, loose, shape: from === 'pytorch' ? [1, 3, 32, 32] : [32, 32, 3] });
        } catch (error) {
          if (!(error instanceof ConvcostError)) throw error;
          expect(error.message).not.toMatch(/undefined|NaN|\[object/);
          expect(error.message.length).toBeLessThan(1500);
        }
      }),
      { numRuns: 200 },
    );
  });
});

it.each(['Conv ', '1x', '(', ' ', 'ir_r1', 't c n ', '3 x ', '| ', 'nn.'])(
  'a long line of %j is no notation, and that shows without looking at it twice',
  piece => {
    // A pattern that backtracks would run into the timeout.
    expect(detectNotation(piece.repeat(100_000))).toBeUndefined();
  },
);

it.each(['Conv2d(', 'Conv2d((', '[[', '(0): Block('])('%j without end is refused, not followed', piece => {
  const work = () => networkOf(piece.repeat(50_000), { from: 'pytorch' });
  expect(work).toThrow(ConvcostError);
});
