import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../../src/cost/count.js';
import { errorOf, networkOf } from './helpers.js';

/** Table 2 of arXiv 1801.04381. */
const table2 = `
| Input | Operator | t | c | n | s |
| --- | --- | --- | --- | --- | --- |
| 224² × 3 | conv2d | - | 32 | 1 | 2 |
| 112² × 32 | bottleneck | 1 | 16 | 1 | 1 |
| 112² × 16 | bottleneck | 6 | 24 | 2 | 2 |
| 56² × 24 | bottleneck | 6 | 32 | 3 | 2 |
| 28² × 32 | bottleneck | 6 | 64 | 4 | 2 |
| 14² × 64 | bottleneck | 6 | 96 | 3 | 1 |
| 14² × 96 | bottleneck | 6 | 160 | 3 | 2 |
| 7² × 160 | bottleneck | 6 | 320 | 1 | 1 |
| 7² × 320 | conv2d 1x1 | - | 1280 | 1 | 1 |
| 7² × 1280 | avgpool 7x7 | - | - | 1 | - |
| 1 × 1 × 1280 | conv2d 1x1 | - | k | - | |
`;

const bare = '1 16 1 1\n6 24 2 2\n6 32 3 2\n6 64 4 2\n6 96 3 1\n6 160 3 2\n6 320 1 1\n';

describe("MobileNetV2, pasted as the paper's table", () => {
  it('counts as the network', () => {
    const { totals, network } = countNetwork(networkOf(table2, {}));
    expect(totals).toMatchObject({ macs: 299_494_272 + 1_280_000, peakActivationBytes: 6_021_120 });
    expect(network.notes).toEqual([
      "'224² × 3 | conv2d | - | 32 | 1 | 2': a conv2d without a kernel size is read as 3x3.",
      'k, the number of classes, is read as 1000.',
    ]);
  });

  it.each([
    ['lines', bare],
    ['a heading', `t c n s\n${bare}`],
    ['Markdown', `| t | c | n | s |\n|---|---|---|---|\n${bare.replaceAll(' ', ' | ')}`],
    ['lists of code', bare.replace(/^(.*)$/gm, line => (line ? `  [${line.replaceAll(' ', ', ')}],` : ''))],
    ['tabs', bare.replaceAll(' ', '\t')],
  ])('bottlenecks alone, as %s, take --input and say what is not in them', (_, text) => {
    const { totals, network } = countNetwork(networkOf(text, { shape: [112, 112, 32] }));
    // Without the first convolution and the last pointwise one.
    expect(totals.macs).toBe(299_494_272 - 112 * 112 * 27 * 32 - 7 * 7 * 320 * 1280);
    expect(network.notes).toEqual([
      'Rows t c n s are the bottlenecks alone: the first and the last layers are not in them.',
    ]);
  });
});

it('a stride that cannot be gives way to the sizes, and is said', () => {
  const { notes } = networkOf('28x28x32 bottleneck 6 64 2 1\n14x14x64 bottleneck 6 96 1 1', {});
  expect(notes[1]).toBe(
    "'28x28x32 bottleneck 6 64 2 1': a stride of 1 gives 28x28, but the next row reads 14x14. Read as a stride of 2.",
  );
});

it.each([
  // rows, code, line, column, in the message
  ['6 24 2 2\n6 24 2', 'bad-v2-row', 2, 1, 'must end in t c n s'],
  ['6 24 2 2\n6 24 2 2 2', 'bad-v2-row', 2, 10, 'must end in t c n s'],
  ['6 24 2 2\nbotleneck 6 24 2 2', 'unknown-operator', 2, 1, "Did you mean 'bottleneck'?"],
  ['6 24 2 2\n6 24 2 s2', 'not-a-whole-number', 2, 8, '"s2"'],
  ['28x28x32 bottleneck 6 64 2 1\n28x28x60 bottleneck 6 96 1 1', 'row-size-disagrees', 2, 1, '28x28x64'],
  ['6 24 2 2\n6 24 0 1', 'bad-repetition', 2, 1, '0 times'],
])('%j', (text, code, line, column, words) => {
  const error = errorOf(() => networkOf(text, { from: 'mobilenet-v2-rows', shape: [56, 56, 16] }));
  expect(error).toMatchObject({ code, place: { kind: 'file', line, column } });
  expect(error.message).toContain(words);
});
