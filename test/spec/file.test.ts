import { describe, expect, it } from 'vitest';
import { ConvcostError } from '../../src/errors.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseSpecFile } from '../../src/spec/file.js';
import { aNetwork } from '../builders.js';

const read = (text: string) =>
  buildNetwork(parseSpecFile(text, 'net.yaml'), { name: 'net', source: 'net.yaml', format: 'spec' });

describe('spec files', () => {
  it('tokens and objects mix, and mean the same', () => {
    const mixed = read(`
input: 112x112x32
layers:
  - conv3x3 32 s2
  - {op: sep, kernel: [3, 3], out: 64, stride: 2}
  - {op: conv, out: 8, kernel: 3, padding: [1, 1, 0, 0], groups: 2, bias: true, activation: relu6}
`);
    const typed = aNetwork('@112x112x32 conv3x3 32 s2 sep3x3 64 s2 conv3x3 8 p1,1,0,0 g2 bias act=relu6');
    expect(mixed.layers).toEqual(typed.layers);
    expect(mixed.params).toEqual(typed.params);
  });

  it('JSON is read as YAML is', () => {
    const { layers } = read(
      '{"input": {"shape": [1, 3, 8, 8], "layout": "NCHW"}, "layers": ["conv3x3 4", {"op": "gap"}]}',
    );
    expect(layers.map(layer => layer.outputs[0]!.shape)).toEqual([
      [1, 8, 8, 4],
      [1, 1, 1, 4],
    ]);
  });

  it('the shape of the data is the input', () => {
    const network = read(
      '{data: {layout: NHWC, shape: [1, 2, 2, 1], values: [1, 2, 3, 4]}, layers: [conv1x1 1]}',
    );
    expect(network.inputs[0]!.shape).toEqual([1, 2, 2, 1]);
  });

  it('branches join', () => {
    const { layers } = read(`
input: 8x8x4
layers:
  - {op: conv, name: a, kernel: 3, out: 4}
  - {op: conv, name: b, kernel: 1, out: 4, from: a}
  - {op: add, from: [a, b]}
  - {op: concat, from: [add1, a, input]}
`);
    expect(layers.at(-1)!.outputs[0]!.shape).toEqual([1, 8, 8, 12]);
  });

  it('__proto__ is a name like others', () => {
    expect(
      read('{input: 8x8x4, layers: [{op: pw, out: 4, name: __proto__}, {op: relu, from: __proto__}]}')
        .layers[0]!.name,
    ).toBe('__proto__');
  });
});

describe('mistakes are shown with line and column', () => {
  const bomb = `a: &a [1,1,1,1,1,1,1,1,1]
${Array.from({ length: 8 }, (_, i) => `${'bcdefghi'[i]}: &${'bcdefghi'[i]} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`).join('\n')}
layers: [conv3x3 8]`;
  it.each<[string, string, string, string]>([
    // code, line:column, what the message names, text
    [
      'unknown-key',
      '3:28',
      "Did you mean 'stride'?",
      'input: 8x8x3\nlayers:\n  - {op: dw, kernel: 3,    strid: 2}',
    ],
    ['unknown-key', '1:1', "Did you mean 'layers'?", 'layer: [conv3x3 8]\nlayers: [gap]'],
    [
      'unknown-key',
      '2:29',
      "Did you mean 'kernel'?",
      'input: 8x8x3\nlayers: [{op: conv, out: 4, kernal: 3}]',
    ],
    [
      'bad-value',
      '2:52',
      "Did you mean 'relu'?",
      'input: 8x8x3\nlayers: [{op: conv, out: 4, kernel: 3, activation: rellu}]',
    ],
    [
      'unknown-key',
      '2:73',
      'Known here: fill, seed.',
      'input: 8x8x3\nlayers: [{op: conv, kernel: 3, out: 4, weights: {fill: random, seed: 1, layout: OIHW}}]',
    ],
    [
      'unknown-key',
      '2:53',
      "Did you mean 'name'?",
      'input: 8x8x3\nlayers: [{op: conv, out: 4, kernel: 3, activation: {nmae: relu}}]',
    ],
    ['unknown-key', '1:9', "Did you mean 'shape'?", 'input: {shap: [1, 4, 4, 3]}\nlayers: [pw 4]'],
    ['bad-value', '1:14', '"foo" is not a choice', 'data: {fill: foo}\nlayers: [pw 4]'],
    ['bad-value', '1:8', 'Infinity is not a finite number', 'input: 1e309\nlayers: [pw 4]'],
    [
      'bad-value',
      '2:48',
      'NaN is not a finite number',
      'input: 8x8x3\nlayers: [{op: conv, out: 4, kernel: 3, stride: .nan}]',
    ],
    [
      'number-too-large',
      '2:10',
      'Stride is 100000000000000000000',
      'input: 8x8x3\nlayers: [{op: conv, out: 4, kernel: 3, stride: 99999999999999999999}]',
    ],
    ['bad-value', '1:7', 'name: it is empty.', "name: ''\nlayers: [pw 4]"],
    ['not-a-spec', '1:1', 'only 42', '42'],
    [
      'sep-weights',
      '2:10',
      'Write dw and pw',
      'input: 8x8x3\nlayers: [{op: sep, kernel: 3, out: 4, weights: {values: [1, 2]}}]',
    ],
    [
      'bias-refused',
      '2:10',
      'Leave one of them out',
      'input: 8x8x3\nlayers: [{op: pw, out: 2, bias: false, biasValues: [1, 2]}]',
    ],
    [
      'beyond-float32',
      '2:46',
      '1e+39 is beyond',
      'input: 1x1x1\nlayers: [{op: pw, out: 1, weights: {values: [1e39]}}]',
    ],
    ['bad-value', '2:9', 'layers: it is empty.', 'input: 8x8x3\nlayers: []'],
    [
      'unknown-op',
      '3:10',
      "Did you mean 'conv'?",
      'input: 8x8x3\nlayers:\n  - {op: cnov, kernel: 3, out: 8}',
    ],
    ['layer-without-op', '3:5', "'op'", 'input: 8x8x3\nlayers:\n  - {kernel: 3}'],
    [
      'unknown-token',
      '3:13',
      "Did you mean 'conv3x3'?",
      'input: 8x8x3\nlayers:\n  - gap relu covn3x3 8'.replace('gap relu', 'relu6  '),
    ],
    ['bad-value', '2:37', 'groups', 'input: 8x8x3\nlayers: [{op: conv, out: 4, groups: two, kernel: 3}]'],
    ['bad-value', '2:10', 'kernel', 'input: 8x8x3\nlayers: [{op: conv, out: 4}]'],
    [
      'channels-not-divisible',
      '3:43',
      '3 groups',
      'input: 8x8x4\nlayers:\n  - {op: conv, kernel: 3, out: 6, groups: 3}',
    ],
    [
      'not-positive',
      '2:10',
      'Stride is 0',
      'input: 8x8x4\nlayers: [{op: conv, kernel: 3, out: 6, stride: 0}]',
    ],
    [
      'bad-value',
      '2:48',
      'Infinity is not a finite number',
      'input: 8x8x4\nlayers: [{op: conv, kernel: 3, out: 6, stride: 1e309}]',
    ],
    [
      'wrong-value-count',
      '2:10',
      '35 values, but HWIO 3x3x4x1 needs 36',
      `input: 8x8x4\nlayers: [{op: conv, kernel: 3, out: 1, weights: {layout: HWIO, values: [${Array(35).fill(1)}]}}]`,
    ],
    [
      'wrong-value-count',
      '1:7',
      '3 values, but NHWC 1x2x2x1 needs 4',
      'data: {layout: NHWC, shape: [1, 2, 2, 1], values: [1, 2, 3]}\nlayers: [pw 1]',
    ],
    [
      'ragged-values',
      '1:44',
      'should hold 2',
      'data: {layout: NHWC, values: [[[[1], [2]], [[3]]]]}\nlayers: [pw 1]',
    ],
    ['bad-yaml', '1:7', 'names nothing', 'name: *nope\nlayers: [gap]'],
    ['bad-yaml', '2:12', 'must be a map', 'input: 8x8x3\nlayers: [ {<<: 5, op: relu}]'],
    [
      'bad-yaml',
      '4:6',
      'must be a map',
      'input: 8x8x3\nlayers:\n  - &a conv3x3 4\n  - { <<: *a, op: relu}'.replace('{ ', '{'),
    ],
    ['bad-yaml', '4:5', 'unique', 'input: 8x8x3\nlayers:\n  - <<: {op: relu}\n    <<: {name: q}'],
    ['bad-yaml', '2:1', 'several documents', 'layers: [gap]\n---\nlayers: [gap]'],
    ['bad-yaml', '2:1', 'unique', 'layers: [gap]\nlayers: [gap]'],
    ['bad-yaml', '1:1', '__proto__', '__proto__: {a: 1}\nlayers: [gap]'],
    ['bad-yaml', '2:1', 'Tab', 'layers:\n\t- gap'],
    ['bad-yaml', '1:8', 'tag', 'input: !!python/object 8x8x3\nlayers: [gap]'],
    ['bad-yaml', '7:7', 'grows without bound', bomb],
    ['bad-yaml', '2:5', 'inside what it names', 'layers: &a\n  - *a'],
    ['bad-yaml', '1:18', 'inside what it names', 'layers: [&a {op: *a, kernel: 3, out: 4}]'],
    ['unknown-key', '1:1', 'x', bomb.split('\n').slice(0, 4).join('\n').replace(/^a/, 'x')],
    ['not-a-spec', '1:1', 'a list', '[1, 2]'],
    ['not-a-spec', '1:1', 'nothing', ''],
    ['bad-value', '1:1', 'layers', 'input: 8x8x3'],
  ])('%s at %s: %s', (code, position, named, text) => {
    try {
      read(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ConvcostError);
      const { place, code: found, message } = error as ConvcostError;
      expect({ found, at: place?.kind === 'file' && `${place.line}:${place.column}` }, message).toEqual({
        found: code,
        at: position,
      });
      expect(message).toContain(named);
      expect(message).not.toContain('undefined');
      return;
    }
    throw new Error('nothing was refused');
  });
});

it('a mistake in a .json file is one in JSON', () => {
  expect(() => parseSpecFile('{"layers": ["gap"', 'a.json')).toThrow('not valid JSON');
  expect(() => parseSpecFile('{"layers": ["gap"', 'a.yaml')).toThrow('not valid YAML');
});

it('a merge key takes over what another layer says', () => {
  const merged = read('input: 8x8x3\nlayers:\n  - &a {op: conv, kernel: 3, out: 8}\n  - {<<: *a, out: 16}');
  const written = read('input: 8x8x3\nlayers: [conv3x3 8, conv3x3 16]');
  expect(merged.layers).toEqual(written.layers);
});

it('a text nested deeper than the parser can go is said to be so', () => {
  expect(() => parseSpecFile('['.repeat(20_000), 'deep.json')).toThrow('nested too deeply');
});
