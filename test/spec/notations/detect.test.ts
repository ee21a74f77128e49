import { describe, expect, it } from 'vitest';
import { detectNotation, notations, parseNotation } from '../../../src/spec/notations/index.js';
import { notationNames } from '../../../src/spec/notations/names.js';
import { errorOf } from './helpers.js';

describe('a notation', () => {
  it.each(notations.map(notation => [notation.name, notation] as const))(
    '%s is known by its example, which it reads',
    (name, { example }) => {
      expect(notations.filter(({ matches }) => matches(example)).map(each => each.name)).toEqual([name]);
      expect(parseNotation(example).layers.length).toBeGreaterThan(0);
      expect(parseNotation(example, { from: name })).toEqual(parseNotation(example));
    },
  );
});

it('help names every notation', () => {
  expect(notationNames).toEqual(notations.map(({ name }) => name));
});

it.each([
  // text, notation
  ['model = nn.Sequential(nn.Flatten(), nn.ReLU())', 'pytorch'],
  ['Net(\n  (conv): MyConv(3, 4)\n)', 'pytorch'],
  ['x = Flatten()(x)\nx = Dense(10)(x)', 'keras'],
  ['x = tf.nn.relu(x)\nConv2D(8, 3)', 'keras'],
  ['Conv / s2 | 3 × 3 × 3 × 32 | 224 × 224 × 3', 'paper-table'],
  ['5x | Conv dw / s1 | 3x3x512 dw | 14x14x512', 'paper-table'],
  ['t, c, n, s\n[1, 16, 1, 1]', 'mobilenet-v2-rows'],
  ["[['ds_r1_k3_s1_e1_c16']]", 'timm-blocks'],
  ['# stem\n@224x224x3 conv3x3 32 s2', 'tokens'],
  ['name: x\ninput: 8x8x3\nlayers:\n  - conv3x3 32 s2\n  - op: pw\n    out: 8', undefined],
  ['{"layers": ["conv3x3 32"]}', undefined],
  ['hello world', undefined],
  ['', undefined],
])('%j is %s', (text, notation) => {
  expect(detectNotation(text)?.name).toBe(notation);
});

it('a text that looks like nothing names the notations', () => {
  const error = errorOf(() => parseNotation('hello', { file: 'net.txt' }));
  expect(error).toMatchObject({ code: 'unknown-notation', place: { file: 'net.txt', line: 1, column: 1 } });
  for (const { name } of notations) expect(error.message).toContain(name);
});

it('a wrong --from says what may be meant', () => {
  const error = errorOf(() => parseNotation('Conv2d(3, 4, 1)', { from: 'pytroch' }));
  expect(error.code).toBe('unknown-notation-name');
  expect(error.message).toContain("Did you mean 'pytorch'?");
});
