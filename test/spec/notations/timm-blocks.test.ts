import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../../src/cost/count.js';
import { placesIn } from '../../../src/spec/notations/lines.js';
import { parseTimmBlocks } from '../../../src/spec/notations/timm-strings.js';
import { zooNetwork } from '../../../src/zoo/zoo-name.js';
import { printTimmBlock } from '../print/timm-block.js';
import { errorOf, networkOf } from './helpers.js';

const efficientnetB0 = `
    arch_def = [
        ['ds_r1_k3_s1_e1_c16_se0.25'],
        ['ir_r2_k3_s2_e6_c24_se0.25'],
        ['ir_r2_k5_s2_e6_c40_se0.25'],  # 56x56
        ['ir_r3_k3_s2_e6_c80_se0.25'],
        ['ir_r3_k5_s1_e6_c112_se0.25'],
        ['ir_r4_k5_s2_e6_c192_se0.25'],
        ['ir_r1_k3_s1_e6_c320_se0.25'],
    ]
`.replace('arch_def =', '');

const at112 = { shape: [1, 32, 112, 112] };

it('the strings of EfficientNet-B0 are the blocks of the network', () => {
  const pasted = countNetwork(networkOf(efficientnetB0, at112));
  const blocks = countNetwork(zooNetwork('zoo:efficientnet-b0')).layers.filter(({ layer }) =>
    /^features\.[1-7]\./.test(layer.name),
  );
  const convs = (layers: typeof blocks) =>
    layers.flatMap(({ layer, macs, params }) => (layer.kind === 'conv' ? [{ macs, params }] : []));
  expect(convs([...pasted.layers])).toEqual(convs(blocks));
  expect(pasted.totals.params).toBe(blocks.reduce((sum, { params }) => sum + params, 0));
  expect(pasted.layers.map(({ layer }) => layer.name)).toContain('blocks.1.1.conv_pwl');
});

it('says what block strings do not say', () => {
  expect(networkOf(efficientnetB0, at112).notes).toEqual([
    expect.stringContaining('the first and the last layers are not in them'),
    expect.stringContaining("'se' is read as a part of the block's input channels"),
  ]);
  expect(errorOf(() => networkOf(efficientnetB0, {})).code).toBe('no-input');
});

describe('kinds', () => {
  it.each([
    // string, macs at 8x8x16
    ['cn_r2_k3_s1_c16', 2 * 64 * 16 * 16 * 9],
    ['ds_r1_k5_s2_c24', 16 * (16 * 25 + 16 * 24)],
    ['ir_r1_k3_s1_e4_c16', 64 * (16 * 64 + 64 * 9 + 64 * 16)],
    // 16 * 2.5 = 40; 16 * 2.3 = 36.8 is rounded to 40 as well.
    ['ir_r1_k3_s1_e2.3_c8_nhs', 64 * (16 * 40 + 40 * 9 + 40 * 8)],
    ['er_r1_k3_s1_e4_c24_fc24_noskip', 64 * (16 * 96 * 9 + 96 * 24)],
  ])('%s', (text, macs) => {
    expect(countNetwork(networkOf(text, { shape: [1, 16, 8, 8] })).totals.macs).toBe(macs);
  });

  it('skip where shapes allow and nothing forbids it', () => {
    const adds = (text: string) =>
      networkOf(text, { shape: [1, 16, 8, 8] }).layers.filter(({ op }) => op === 'add').length;
    expect(adds('ir_r3_k3_s1_e4_c16')).toBe(3);
    expect(adds('ir_r3_k3_s2_e4_c16')).toBe(2);
    expect(adds('ir_r3_k3_s1_e4_c24')).toBe(2);
    expect(adds('ir_r3_k3_s1_e4_c16_noskip')).toBe(0);
  });
});

it.each([
  // text, code, line, column, in the message
  ["['ir_r1_k3_c16',\n 'iv_r2_k3_c24']", 'unknown-block', 2, 3, "Did you mean 'ir'?"],
  ["['ir_r1_k3_q4_c16']", 'unknown-block-part', 1, 12, '"q4"'],
  ["['ir_r1_k3_e4']", 'block-without-channels', 1, 3, 'c24'],
  ["['ir_rx_k3_c4']", 'unknown-block-part', 1, 6, '"rx"'],
  ["['ir_r0_k3_c4']", 'not-positive', 1, 6, 'Repetition is 0'],
  ["['ir_r1.5_k3_c4']", 'not-a-whole-number', 1, 6, '"1.5"'],
])('%j', (text, code, line, column, words) => {
  const error = errorOf(() => networkOf(text, { from: 'timm-blocks', shape: [1, 16, 8, 8] }));
  expect(error).toMatchObject({ code, place: { kind: 'file', line, column } });
  expect(error.message).toContain(words);
});

it('a string that is printed reads back to the same block', () => {
  const block = fc.record({
    kind: fc.constantFrom('ir', 'ds', 'er', 'cn'),
    repeat: fc.integer({ min: 1, max: 9 }),
    kernel: fc.constantFrom(1, 3, 5, 7),
    stride: fc.integer({ min: 1, max: 3 }),
    expansion: fc.constantFrom(1, 2.5, 4, 6),
    channels: fc.integer({ min: 1, max: 2048 }),
    squeeze: fc.constantFrom(undefined, 0.25, 0.5),
    expandFrom: fc.constantFrom(undefined, 24),
    activation: fc.constantFrom('relu', 'relu6', 'hardswish', 'silu', 'mish'),
    skips: fc.boolean(),
  } as const);
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), blocks => {
      const text = blocks.map(each => printTimmBlock(each)).join('\n');
      const read = parseTimmBlocks(text, placesIn(text, 'x'));
      expect(read.map(({ place: _, ...rest }) => rest)).toEqual(blocks);
    }),
  );
});
