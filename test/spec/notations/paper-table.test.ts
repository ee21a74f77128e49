import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../../src/cost/count.js';
import { errorOf, networkOf } from './helpers.js';

/** Table 1 of arXiv 1704.04861, row by row. */
const table1 = `
| Type / Stride | Filter Shape | Input Size |
| --- | --- | --- |
| Conv / s2 | 3 × 3 × 3 × 32 | 224 × 224 × 3 |
| Conv dw / s1 | 3 × 3 × 32 dw | 112 × 112 × 32 |
| Conv / s1 | 1 × 1 × 32 × 64 | 112 × 112 × 32 |
| Conv dw / s2 | 3 × 3 × 64 dw | 112 × 112 × 64 |
| Conv / s1 | 1 × 1 × 64 × 128 | 56 × 56 × 64 |
| Conv dw / s1 | 3 × 3 × 128 dw | 56 × 56 × 128 |
| Conv / s1 | 1 × 1 × 128 × 128 | 56 × 56 × 128 |
| Conv dw / s2 | 3 × 3 × 128 dw | 56 × 56 × 128 |
| Conv / s1 | 1 × 1 × 128 × 256 | 28 × 28 × 128 |
| Conv dw / s1 | 3 × 3 × 256 dw | 28 × 28 × 256 |
| Conv / s1 | 1 × 1 × 256 × 256 | 28 × 28 × 256 |
| Conv dw / s2 | 3 × 3 × 256 dw | 28 × 28 × 256 |
| Conv / s1 | 1 × 1 × 256 × 512 | 14 × 14 × 256 |
| 5× Conv dw / s1 | 3 × 3 × 512 dw | 14 × 14 × 512 |
| Conv / s1 | 1 × 1 × 512 × 512 | 14 × 14 × 512 |
| Conv dw / s2 | 3 × 3 × 512 dw | 14 × 14 × 512 |
| Conv / s1 | 1 × 1 × 512 × 1024 | 7 × 7 × 512 |
| Conv dw / s2 | 3 × 3 × 1024 dw | 7 × 7 × 1024 |
| Conv / s1 | 1 × 1 × 1024 × 1024 | 7 × 7 × 1024 |
| Avg Pool / s1 | Pool 7 × 7 | 7 × 7 × 1024 |
| FC / s1 | 1024 × 1000 | 1 × 1 × 1024 |
| Softmax / s1 | Classifier | 1 × 1 × 1000 |
`;

const plain = table1
  .replace(/ × |×/g, 'x')
  .split('\n')
  .filter(line => /\d/.test(line));

describe("MobileNet v1, pasted as the paper's table", () => {
  it.each([
    ['Markdown, with a heading and blanks around the crosses', table1],
    ['cells and x', plain.join('\n')],
    ['no outer walls', plain.map(line => line.replace(/^\| | \|$/g, '')).join('\n')],
    ['tabs', plain.map(line => line.replace(/^\| | \|$/g, '').replaceAll(' | ', '\t')).join('\n')],
    ['no walls at all, as copied from a PDF', table1.replaceAll('|', ' ')],
    ['the prefix in a cell of its own', table1.replace('| 5× Conv', '| 5× | Conv')],
    ['the prefix on both rows', table1.replace(/(5× .*\n\| )/, '$15× ')],
    ['prose around it', `Table 1. MobileNet Body Architecture\n\n# at 224x224\n${table1}\nAs in the paper.`],
    ['carriage returns', table1.replaceAll('\n', '\r\n')],
  ])('%s', (_, text) => {
    const { totals, network } = countNetwork(networkOf(text, {}));
    expect(totals).toMatchObject({ macs: 568_740_352, params: 4_210_088, peakActivationBytes: 4_816_896 });
    expect(network.layers).toHaveLength(30);
  });

  it('says that the last s2 cannot be, and that 5x repeats the pair', () => {
    expect(networkOf(table1, {}).notes).toEqual([
      "'5x' before a depthwise row repeats the pair: 'Conv / s1 | 1 × 1 × 512 × 512 | 14 × 14 × 512' too.",
      "'Conv dw / s2 | 3 × 3 × 1024 dw | 7 × 7 × 1024': a stride of 2 gives 4x4, but the next row reads 7x7. Read as a stride of 1.",
    ]);
  });
});

describe('rows', () => {
  it('of which only the first states its size', () => {
    const network = networkOf('Conv / s2 | 3x3x3x8 | 32x32x3\nConv dw / s2 | 3x3x8 dw\nFC | 512x10', {});
    expect(network.layers.map(({ outputs }) => outputs[0]?.shape)).toEqual([
      [1, 16, 16, 8],
      [1, 8, 8, 8],
      [1, 512],
      [1, 10],
    ]);
  });

  it('without any size take --input', () => {
    const network = networkOf('Conv / s2 | 3x3x3x8', { from: 'paper-table', shape: [32, 32, 3] });
    expect(network.layers[0]?.outputs[0]?.shape).toEqual([1, 16, 16, 8]);
  });

  it.each([
    // rows, code, line, column, in the message
    [
      'Conv / s1 | 3x3x3x8 | 32x32x3\nConvv dw / s1 | 3x3x8 dw | 32x32x8',
      'unknown-row',
      2,
      1,
      "Did you mean 'conv dw'?",
    ],
    [
      'Conv / s1 | 3x3x3x8 | 32x32x3\nConv dw / s1 | 3x3x8x8 | 32x32x8',
      'bad-row-filter',
      2,
      16,
      'has 4 numbers, but needs 3',
    ],
    [
      'Conv / s1 | 3x3x3x8 | 32x32x3\nConv / s1 | 1x1x8x8 | 64x32x8',
      'row-size-disagrees',
      2,
      23,
      'gives 32x32x8',
    ],
    [
      'Conv / s1 | 3x3x3x8 | 32x32x3\nConv / s1 | 1x1x9x8 | 32x32x9',
      'row-size-disagrees',
      2,
      23,
      'states an input of 32x32x9',
    ],
    [
      'Conv / s1 | 3x3x3x8 | 32x32x3\nConv / s1 | 1x1x9x8 | 32x32x8',
      'channels-disagree',
      2,
      1,
      '9 input channels, but 8',
    ],
    ['Conv / s1 | 3x3x3x8 | 32x32', 'bad-row-input', 1, 23, '32x32'],
    ['Conv | 3x3x3x8 | 32x32x3', 'row-without-stride', 1, 1, 'Conv / s1'],
    ['Conv / s1 | 3x3x3x8 | 32x32x3\nConv / s0 | 1x1x8x8', 'not-positive', 2, 1, 'Stride is 0'],
  ])('%j', (text, code, line, column, words) => {
    const error = errorOf(() => networkOf(text, { from: 'paper-table' }));
    expect(error).toMatchObject({ code, place: { kind: 'file', line, column } });
    expect(error.message).toContain(words);
  });
});
