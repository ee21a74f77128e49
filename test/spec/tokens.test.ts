import { describe, expect, it } from 'vitest';
import { ConvcostError } from '../../src/errors.js';
import { isToken, parseTokens } from '../../src/spec/tokens.js';
import { aNetwork } from '../builders.js';

const shapes = (tokens: string) =>
  aNetwork(tokens).layers.map(layer => layer.outputs[0]!.shape.slice(1).join('x'));

describe('tokens', () => {
  it.each<[string, object]>([
    // the words after a kind, in any order
    ['conv3x3 32 s2', { op: 'conv', kernel: [3, 3], out: 32, stride: 2 }],
    ['conv3x3 s2 32', { op: 'conv', kernel: [3, 3], out: 32, stride: 2 }],
    ['conv7x7 3-64 s2 p3', { kernel: [7, 7], in: 3, out: 64, stride: 2, padding: 3 }],
    ['conv7x7 3->64', { in: 3, out: 64 }],
    ['conv3x3 8 s2x1 d1x2', { stride: [2, 1], dilation: [1, 2] }],
    ['conv3x3 8 p1,1,0,0', { padding: [1, 1, 0, 0] }],
    ['conv3x3 8 psame-lower', { padding: 'same-lower' }],
    ['conv3x3 8 pvalid', { padding: 'valid' }],
    ['conv3x3 8 g2 bias', { groups: 2, bias: true }],
    ['conv3x3 8 act=leakyRelu alpha=0.2', { activation: { name: 'leakyRelu', parameters: { alpha: 0.2 } } }],
    ['dw3x3 s2 m2', { op: 'dw', stride: 2, multiplier: 2 }],
    ['pw 64', { op: 'pw', out: 64 }],
    ['sep3x3 64 s2', { op: 'sep', kernel: [3, 3], out: 64, stride: 2 }],
    ['ir3x3 t6 24 s2 x2', { op: 'ir', expansion: 6, out: 24, stride: 2, repeat: 2 }],
    ['tconv4x4 16 s2 outpad=1', { op: 'tconv', out: 16, stride: 2, outputPadding: 1 }],
    ['maxpool2x2 s2 ceil', { op: 'maxpool', kernel: [2, 2], stride: 2, ceil: true }],
    ['fc 1000 nobias', { op: 'fc', out: 1000, bias: false }],
    ['relu6', { op: 'relu6', activation: { name: 'relu6' } }],
    ['conv3 8', { kernel: 3 }],
    ['conv3x3x3 8', { kernel: [3, 3, 3] }],
    ['add from=a,b name=c', { op: 'add', from: ['a', 'b'], name: 'c' }],
  ])('%s', (text, expected) => {
    expect(parseTokens(text).layers[0]).toMatchObject(expected);
  });

  it.each<[string, string]>([
    // input sizes: the first kernel tells the axes
    ['@224x224x3 conv3x3 8', '224x224x8'],
    ['@56x56 conv3x3 64-128', '56x56x128'],
    ['@56 conv3x3 64-128', '56x56x128'],
    ['conv7x7 3-64 s2 p3 @224', '112x112x64'],
    ['@100x16 conv3 32', '100x32'],
    ['@100 conv3 16-32', '100x32'],
    ['@32x32x16 conv3 32', '32x32x32'],
    ['@8x16x16x4 conv3x3x3 8', '8x16x16x8'],
    ['@56 pw 64-128', '56x56x128'],
    ['@512 fc 10', '10'],
  ])('%s gives %s', (tokens, shape) => {
    expect(shapes(tokens)).toEqual([shape]);
  });

  it('the stride of a repeated layer belongs to the first', () => {
    expect(shapes('@32x32x4 conv3x3 8 s2 x3')).toEqual(['16x16x8', '16x16x8', '16x16x8']);
  });

  it('an inverted residual expands, filters, projects, and adds where shapes allow', () => {
    const network = aNetwork('@32x32x16 ir3x3 t6 16 x2 ir3x3 t1 24 s2');
    expect(network.layers.map(({ name }) => name)).toEqual([
      ...['ir1.expand', 'ir1.dw', 'ir1.project', 'ir1.add'],
      ...['ir2.expand', 'ir2.dw', 'ir2.project', 'ir2.add'],
      ...['ir3.dw', 'ir3.project'],
    ]);
    expect(network.layers[3]!.inputs.map(({ name }) => name)).toEqual(['input', 'ir1.project']);
  });
});

describe('wrong tokens are shown with their place', () => {
  const mistakes: [string, string, string][] = [
    // text, code, what the caret is under
    ['@224x224x3 conv3x3 32 sx', 'unknown-token', 'sx'],
    ['@224x224x3 conv3x3 32 s1e309', 'not-a-whole-number', 's1e309'],
    ['@224x224x3 conv3x3 NaN', 'unknown-token', 'NaN'],
    ['@224x224x3 conv3x3 -5', 'not-a-whole-number', '-5'],
    ['@224x224x3 conv3x3 32 s2.5', 'not-a-whole-number', 's2.5'],
    ['@224x224x3 conv3x 32', 'not-a-whole-number', 'conv3x'],
    ['@224x224x3 covn3x3 32', 'unknown-token', 'covn3x3'],
    ['@224x224x3 conv3x3 32 t6', 'field-not-of-op', 't6'],
    ['@224x224x3 gap 7', 'field-not-of-op', '7'],
    ['@224x224x3 conv3x3', 'field-missing', 'conv3x3'],
    ['@224x224x3 conv 32', 'field-missing', 'conv'],
    ['@224x224x3 conv3x3 3-', 'redirected-arrow', '3-'],
    ['@224x224x3 @8 conv3x3 3', 'second-input', '@8'],
    ['@224x-1x3 conv3x3 8', 'not-a-whole-number', '@224x-1x3'],
    ['@224x224x3 conv3x3 8 act=rleu', 'unknown-activation', 'act=rleu'],
    ['@8x8x3 conv3x3 32 s0', 'not-positive', 's0'],
    ['@8x8x3 conv3x3 4 conv3x3 10 g3', 'channels-not-divisible', 'g3'],
    ['@8x8x3 conv3x3 5-8', 'channels-disagree', '5-8'],
    ['@8x8x3 conv3x3 5 64', 'second-word', '64'],
    ['@8x8x3 conv3x3 5 psame pvalid', 'second-word', 'pvalid'],
    ['@8x8x3 conv3x3 5 name=', 'bad-value', 'name='],
    ['@8x8x3 conv3x3 5 p1,1,1', 'wrong-pad-count', 'p1,1,1'],
    ['@8x8x3 dw3x3 name=a conv3x3 8 name=b pw 3 from=a,b', 'reads-one', 'from=a,b'],
    ['@4x4x3 conv5x5 8 pvalid', 'empty-output', 'conv5x5'],
    ['@8x8x3 conv3x3 8 x99999', 'bad-repetition', 'x99999'],
    ['@8x8x3 conv3x3 8 name=a conv3x3 8 name=a', 'duplicate-name', 'name=a'],
    ['@8x8x3 conv3x3 8 name=first add from=first,frist', 'unknown-layer', 'from=first,frist'],
    ['@8x8x3 dw3x3 name=a conv3x3 8 name=b add from=a,b', 'join-disagrees', 'add'],
  ];
  it.each(mistakes)('%s: %s at %s', (text, code, word) => {
    const error = catchError(() => aNetwork(text));
    expect(error.code).toBe(code);
    const place = error.place?.kind === 'tokens' ? error.place : undefined;
    expect(place && text.slice(place.start, place.end)).toBe(word);
    expect(error.message).not.toContain('undefined');
  });

  it('proposes the nearest kind', () => {
    expect(catchError(() => aNetwork('@8x8x3 covn3x3 8')).message).toContain("Did you mean 'conv3x3'?");
    expect(catchError(() => aNetwork('@8x8x3 conv3x3 8 maxpol2x2')).message).toContain(
      "Did you mean 'maxpool3x3'?",
    );
  });

  it('asks for an input size, and says how to give it', () => {
    expect(catchError(() => aNetwork('conv3x3 3-8')).message).toContain('--input');
    expect(catchError(() => aNetwork('@8x8 conv3x3 8')).code).toBe('no-input-channels');
  });
});

it('words of the command line that are tokens, and names of files that are not', () => {
  const tokens = [
    '@224',
    '@224x224x3',
    'conv3x3',
    'dw3',
    'gap',
    '64',
    '3-64',
    '3-',
    's2',
    'p1,1,0,0',
    'psame',
    'x5',
    'bias',
    'name=a/b',
    'relu6',
    '1e309',
  ];
  const others = [
    './gap',
    'model.onnx',
    'conv2.onnx',
    's3/model.onnx',
    '2019-model.onnx',
    'p1/x.yaml',
    'zoo:vgg-16',
    'chekc',
    'sx',
  ];
  expect(tokens.filter(word => !isToken(word))).toEqual([]);
  expect(others.filter(isToken)).toEqual([]);
});

function catchError(work: () => unknown): ConvcostError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConvcostError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
