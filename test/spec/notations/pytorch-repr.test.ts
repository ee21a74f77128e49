import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../../src/cost/count.js';
import { zooNetwork } from '../../../src/zoo/zoo-name.js';
import { errorOf, networkOf } from './helpers.js';
import {
  type PrintedModule,
  printMobilenetV2,
  printModule,
  printResnet50,
  printSqueezenet11,
} from './torch-print.js';

const image = [1, 3, 224, 224];

const countOf = (text: string, options: { loose?: boolean; shape?: readonly number[] } = {}) => {
  const { shape = image, ...parse } = options;
  return countNetwork(networkOf(text, { ...parse, shape }));
};

describe('print(mobilenet_v2())', () => {
  const cost = countOf(printMobilenetV2());

  it('costs what the model costs', () => {
    const { macs, params, byFlavor } = cost.totals;
    expect(macs - byFlavor.matmul).toBe(299_494_272);
    expect(byFlavor.matmul).toBe(1_280_000);
    expect(params).toBe(3_504_872);
    expect(cost.coverage.kind).toBe('complete');
  });

  it('names the layers as the model does', () => {
    expect(cost.network.name).toBe('MobileNetV2');
    expect(cost.layers.map(({ layer }) => layer.name)).toContain('features.3.conv.1.0');
    expect(cost.network.layers[0]?.outputs[0]?.shape).toEqual([1, 32, 112, 112]);
  });

  it('warns about data flow and says which pool it implies', () => {
    expect(cost.network.notes).toEqual([
      expect.stringContaining('no data flow'),
      'classifier.1 reads 1280 values, as many as channels flow in: a global average pool before it is implied.',
    ]);
  });
});

describe('print(resnet50()), whose downsamples stand beside the chain', () => {
  it('says where the channels do not fit', () => {
    const text = printResnet50();
    const line = text.split('\n').findIndex(each => each.includes('(0): Conv2d(64, 256')) + 1;
    expect(errorOf(() => countOf(text))).toMatchObject({
      code: 'chain-does-not-fit',
      layer: 'layer1.0.downsample.0',
      place: { kind: 'file', file: 'stdin', line },
      details: { expected: 64, actual: 256, before: 'layer1.0.relu' },
    });
  });

  it('is read loosely but for them: a lower bound', () => {
    const { totals, coverage } = countOf(printResnet50(), { loose: true });
    const whole = countNetwork(zooNetwork('zoo:resnet-50'));
    const beside = whole.layers.filter(({ layer }) => layer.name.endsWith('downsample.0'));
    expect(beside).toHaveLength(4);
    expect(totals.macs).toBe(whole.totals.macs - beside.reduce((sum, { macs }) => sum + macs, 0));
    expect(coverage).toMatchObject({ kind: 'lower-bound', unknown: [{ op: 'Conv2d', count: 4 }] });
  });
});

it('a concat that is not printed is an unknown layer, and what follows is counted', () => {
  const { totals, coverage } = countOf(printSqueezenet11(), { loose: true });
  const whole = countNetwork(zooNetwork('zoo:squeezenet-1.1')).totals;
  expect(totals.macs).toBe(whole.macs);
  expect(totals.params).toBe(whole.params);
  expect(coverage).toMatchObject({ kind: 'lower-bound' });
});

describe('squeeze-and-excitation is known by its name and does not shrink the chain', () => {
  const conv = (input: number, output: number): PrintedModule => [
    'Conv2d',
    `${input}, ${output}, kernel_size=(1, 1), stride=(1, 1)`,
  ];
  const pool: PrintedModule = ['AdaptiveAvgPool2d', 'output_size=1'];
  const fc = (input: number, output: number): PrintedModule => ['Linear', `${input}, ${output}, bias=True`];

  it.each<readonly [string, PrintedModule]>([
    [
      "torchvision's",
      ['SqueezeExcitation', { avgpool: pool, fc1: conv(8, 2), relu: ['ReLU', ''], fc2: conv(2, 8) }],
    ],
    [
      "timm's, whose pool is a function",
      ['SqueezeExcite', { reduce: conv(8, 2), act: ['ReLU', ''], expand: conv(2, 8) }],
    ],
    [
      'one of linear layers',
      ['SELayer', { pool, fc: ['Sequential', { 0: fc(8, 2), 1: ['ReLU', ''], 2: fc(2, 8) }] }],
    ],
  ])('%s', (_, gate) => {
    const text = printModule(['Net', { 0: ['Conv2d', '3, 8, 3, padding=1'], 1: gate, 2: conv(8, 4) }]);
    const { network, totals } = countOf(text);
    expect(network.layers.find(({ name }) => name === '1.mul')?.inputs[0]?.name).toBe('0');
    expect(network.layers.at(-1)?.outputs[0]?.shape).toEqual([1, 4, 224, 224]);
    expect(totals.macs).toBe(224 * 224 * (27 * 8 + 8 * 4) + 2 * 16);
    expect(network.notes[1]).toContain('Squeeze-and-excitation is read by its name');
  });
});

describe('single lines', () => {
  it.each([
    // line, macs at 32x32
    ['Conv2d(3, 8, 3)', 30 * 30 * 3 * 8 * 9],
    ['nn.Conv2d(3, 8, kernel_size=3, padding=1)', 32 * 32 * 3 * 8 * 9],
    ["torch.nn.Conv2d(3, 8, 3, padding='same', bias=False)", 32 * 32 * 3 * 8 * 9],
    ['self.conv = nn.Conv2d(3, 9, (1, 5), 2, (0, 2), groups=3),  # grouped', 16 * 16 * 9 * 5],
    ['(conv): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), dilation=(2, 2))', 28 * 28 * 3 * 8 * 9],
    ['nn.ConvTranspose2d(3, 8, 2, stride=2)', 32 * 32 * 3 * 8 * 4],
    ['nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU(inplace=True), nn.Conv2d(8, 4, 1))', 32 * 32 * (24 + 32)],
    ['nn.Conv2d(3, 8, 1)\nnn.ReLU()\n\nnn.Conv2d(8, 4, 1)\n', 32 * 32 * (24 + 32)],
    ['nn.Conv2d(3, 2, 1)\nnn.MaxPool2d(2)\nnn.Flatten()\nnn.Linear(2 * 16 * 16, 10)', 32 * 32 * 6 + 5120],
    ['nn.Conv2d(3, 2, 1)\nnn.Linear(2048, 10)', 32 * 32 * 6 + 20480],
  ])('%s', (line, macs) => {
    expect(countOf(line, { shape: [1, 3, 32, 32] }).totals.macs).toBe(macs);
  });

  it('asks for the input size', () => {
    expect(errorOf(() => networkOf('Conv2d(3, 8, 3)', {}))).toMatchObject({
      code: 'no-input',
      details: { example: '1x3x224x224' },
    });
  });

  it('reads the blocks that a print repeats', () => {
    const text = 'Net(\n  (0): Conv2d(3, 8, 1)\n  (1-3): 3 x Block(\n    (conv): Conv2d(8, 8, 1)\n  )\n)';
    expect(countOf(text).layers.map(({ layer }) => layer.name)).toEqual(['0', '1.conv', '2.conv', '3.conv']);
  });

  it('says that layers behind a pool may be counted too low', () => {
    const { network } = countOf(
      'nn.Conv2d(3, 8, 3)\npool = nn.AdaptiveAvgPool2d(1)\nnext = nn.Conv2d(8, 8, 1)',
    );
    expect(network.notes.at(-1)).toBe(
      'pool pools to 1x1, and next reads that: if the pool stands in a branch, the count is too low.',
    );
  });
});

describe('mistakes', () => {
  it.each([
    // text, code, line, column, in the message
    ['Conv2d(3, 8, 3, strid=2)', 'unknown-argument', 1, 17, "Did you mean 'stride'?"],
    ['Conv2d(3, 8)', 'argument-missing', 1, 1, 'kernel_size'],
    ['Conv2d(3, 8, 3.5)', 'bad-argument', 1, 14, '3.5'],
    ['Conv2d(0, 8, 3)', 'bad-argument', 1, 8, 'in_channels'],
    ['Conv2d(3, 8, 3, bias=1)', 'bad-argument', 1, 17, 'True or False'],
    ['ReLU(1, 2)', 'too-many-arguments', 1, 9, 'at most 1'],
    ['Conv2d(3, 8, 3)\nConv3d(8, 8, 3', 'bad-call', 2, 15, 'Close every parenthesis'],
    ['Conv2d(3, 8, 3)\n  Conv2D(8, 8, 3)', 'unknown-module', 2, 3, "Did you mean 'Conv2d'?"],
    ['Conv2d(3, 8, 3)\n\n ?', 'bad-call', 3, 2, '"?"'],
    ['Conv2d(3, 8, 3)\nBatchNorm2d(16)', 'chain-does-not-fit', 2, 1, '16 input channels, but 8'],
    ['Conv2d(3, 8, 3, groups=2)', 'channels-not-divisible', 1, 1, '3 input channels'],
  ])('%j', (text, code, line, column, words) => {
    const error = errorOf(() => networkOf(text, { from: 'pytorch', shape: image }));
    expect(error).toMatchObject({ code, place: { kind: 'file', file: 'stdin', line, column } });
    expect(error.message).toContain(words);
  });
});
