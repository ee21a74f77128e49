import { describe, expect, it } from 'vitest';
import { parseInputOverrides } from '../../../src/formats/index.js';
import { type ModelSpec, node, read } from '../onnx-builder.js';

const relu = (
  inputs: Readonly<Record<string, readonly (number | string)[] | null>>,
  texts: readonly string[] = [],
  batch?: number,
) =>
  read(
    { inputs, nodes: Object.keys(inputs).map(name => node('Relu', [name], [`${name}_out`])) },
    parseInputOverrides(texts, batch),
  );

const shapes = async (...args: Parameters<typeof relu>) => {
  const { inputs, notes } = await relu(...args);
  return [inputs.map(({ shape }) => shape.join('x')), notes];
};

describe('parseInputOverrides', () => {
  it('reads shapes, named shapes and symbolic sizes, repeated or joined by commas', () => {
    const { shape, shapes, dims, batch } = parseInputOverrides(['1x3x8x8,a=2x2', 'N=4', 'b=c=7x7'], 5);
    expect([shape, [...shapes], [...dims], batch]).toEqual([
      [1, 3, 8, 8],
      [
        ['a', [2, 2]],
        ['b=c', [7, 7]],
      ],
      [['N', 4]],
      5,
    ]);
  });

  it.each(['1x', 'x', '', 'a=', 'a=1xb', '-1x3', '1.5', 'a=1×3'])('refuses %j', text => {
    expect(() => parseInputOverrides([text])).toThrow(expect.objectContaining({ code: 'input-syntax' }));
  });
});

describe('bindInputs', () => {
  it('takes a batch that is left open as 1, and says so', async () => {
    expect(await shapes({ x: ['N', 3, 8, 8] })).toEqual([['1x3x8x8'], ['batch 1 assumed for input x (N)']]);
    expect(await shapes({ x: [-1, 3, 8, 8] })).toEqual([['1x3x8x8'], ['batch 1 assumed for input x']]);
    expect(await shapes({ x: ['batch_size', 8] })).toMatchObject([['1x8'], {}]);
  });

  it('lets the user win over the file, by shape, by name, by symbol and by batch', async () => {
    expect(await shapes({ x: ['N', 3, 'H', 'W'] }, ['2x3x5x6'])).toEqual([['2x3x5x6'], []]);
    expect(await shapes({ x: [1, 3, 8, 8] }, ['x=1x3x9x9'])).toEqual([['1x3x9x9'], []]);
    expect(await shapes({ x: ['N', 3, 'H', 'W'] }, ['H=4', 'W=5', 'N=2'])).toEqual([['2x3x4x5'], []]);
    expect(await shapes({ x: [1, 3, 8, 8], y: [1, 7] }, [], 4)).toEqual([['4x3x8x8', '4x7'], []]);
  });

  it('gives a symbol one size in all inputs', async () => {
    expect(await shapes({ ids: ['batch', 'length'], mask: ['batch', 'length'] }, ['ids=2x9'])).toEqual([
      ['2x9', '2x9'],
      [],
    ]);
  });

  it('gives an assumed batch to every input that has its symbol', async () => {
    expect(await shapes({ x: ['batch', 16], state: [2, 'batch', 64] })).toEqual([
      ['1x16', '2x1x64'],
      ['batch 1 assumed for input x (batch)'],
    ]);
    expect(await shapes({ x: ['batch', 16], state: [2, 'batch', 64] }, ['batch=3'])).toEqual([
      ['3x16', '2x3x64'],
      [],
    ]);
  });

  it.each([
    ['a + b', 12],
    ['a + 1', 11],
    ['a+1', 11],
    ['a - 1', 9],
    ['2*a', 20],
    ['a * b - 3 + 2*b', 21],
    ['a - b - 1', 7],
  ])('makes %s of its parts', async (symbol, size) => {
    const given = ['a=10', 'b=2'];
    expect(await shapes({ x: ['a', 'b'], y: ['a', symbol] }, given)).toEqual([['10x2', `10x${size}`], []]);
    expect(await shapes({ x: ['a', 'b'], y: ['a', symbol] }, [...given, `${symbol}=7`])).toEqual([
      ['10x2', '10x7'],
      [],
    ]);
  });

  it('takes a hyphen for part of a name, and parts that stand nowhere alone for symbols', async () => {
    expect(await shapes({ x: [1, 'a', 'a-1'] }, ['a=3', 'a-1=5'])).toEqual([['1x3x5'], []]);
    expect(await shapes({ x: [1, 'past + now'] }, ['past=3', 'now=5'])).toEqual([['1x8'], []]);
    expect(await shapes({ x: ['2*batch', 8], y: ['batch', 8] }, [], 3)).toEqual([['6x8', '3x8'], []]);
  });

  it('takes no input that is stored: files of IR version 3 list those too', async () => {
    const { inputs } = await read({
      inputs: { x: [1, 2, 5], w: [3, 2, 3] },
      weights: { w: [3, 2, 3] },
      nodes: [node('Conv', ['x', 'w'], ['y'])],
    });
    expect(inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it.each([
    [
      { x: ['N', 3, 'H', 'W'] },
      [],
      'dims-missing',
      /axis 2 \(H\) and axis 3 \(W\).*--input H=224 --input W=224$/,
    ],
    [{ x: ['a', 't', 16], y: [4] }, [], 'dims-missing', /--input a=1 --input t=128$/],
    [{ x: ['a', -1, 16], y: [4] }, [], 'dims-missing', /--input x=1x128x16$/],
    [{ x: [1, 4, 'H', 'W'] }, [], 'dims-missing', /--input H=128 --input W=128$/],
    [{ x: [-1, -1, -1, 3] }, [], 'dims-missing', /--input 1x224x224x3$/],
    [{ x: ['?', 3, '?', '?'] }, [], 'dims-missing', /--input 1x3x224x224$/],
    [{ x: [-1, -1], state: [2, -1, 128] }, [], 'dims-missing', /--input x=1x512 --input state=2x1x128$/],
    [{ x: ['t', 8], state: [2, 'my_batch', 8] }, [], 'dims-missing', /--input t=1 --input my_batch=1$/],
    [{ x: [1, 'floor(T/2)'] }, [], 'dims-missing', /--input 'floor\(T\/2\)=128'$/],
    [{ x: [1, 'a\u001b[31m'] }, [], 'dims-missing', /--input 'a\?\[31m=128'$/],
    [{ x: [1, 'max(a, b)'] }, [], 'dims-missing', /--input 1x128$/],
    [{ x: null }, [], 'dims-missing', /no shape for input "x".*--input 1x3x224x224$/],
    [{ x: [1, 3, 8, 8] }, ['1x3'], 'input-rank', /4 axes, but 1x3 has 2/],
    [{ x: [1, 3, 8, 8] }, ['x=5'], 'input-rank', /4 axes, but 5 has 1/],
    [{ x: [1, 3], y: [1, 3] }, ['1x3'], 'input-ambiguous', /NAME=1x3.*"x", "y"/],
    [{ x: ['N', 3] }, ['z=1x3'], 'input-unknown', /"z".*inputs: "x"; its symbolic sizes: "N"/],
    [{ x: ['N', 3] }, ['M=1'], 'input-unknown', /"M"/],
    [{ x: [-2, 3] }, [], 'dim-out-of-range', /\[-2, 3\]/],
    [{ x: [2 ** 40, 2 ** 40] }, [], 'too-large', /1208925819614629174706176/],
  ] as const)('%j with %j: %s', async (inputs, texts, code, text) => {
    await expect(relu(inputs, texts)).rejects.toMatchObject({ code, message: expect.stringMatching(text) });
  });
});

/** The texts of `--input` in what a user would paste into a shell. */
const pasted = (message: string) =>
  Array.from(message.matchAll(/--input (?:'([^']*)'|(\S+))/g), ([, quoted, word]) => quoted ?? word!);

describe('what the error proposes to paste', () => {
  const scores = (mask: string): ModelSpec => ({
    inputs: {
      input_ids: ['batch_size', 'sequence_length'],
      attention_mask: ['batch_size', mask],
      past: ['batch_size', 4, 'past_sequence_length', 16],
    },
    weights: {
      table: [100, 64],
      heads: { dims: [4], ints: [0, -1, 4, 16] },
      masks: { dims: [2], ints: [1, 2] },
    },
    nodes: [
      node('Gather', ['table', 'input_ids'], ['e']),
      node('Reshape', ['e', 'heads'], ['h']),
      node('Transpose', ['h'], ['q'], { perm: [0, 2, 1, 3] }),
      node('Concat', ['past', 'q'], ['k'], { axis: 2 }),
      node('Transpose', ['k'], ['kt'], { perm: [0, 1, 3, 2] }),
      node('MatMul', ['q', 'kt'], ['s']),
      node('Unsqueeze', ['attention_mask', 'masks'], ['m']),
      node('Add', ['s', 'm'], ['y']),
    ],
  });
  const image = (dims: readonly (number | string)[]): ModelSpec => ({
    inputs: { x: dims },
    weights: { w: [8, 3, 3, 3] },
    nodes: [node('Conv', ['x', 'w'], ['y'])],
  });

  it.each<[string, ModelSpec, string]>([
    ['an image', image(['N', 3, 'H', 'W']), 'H=224 W=224'],
    ['an image without names', image([-1, 3, -1, -1]), '1x3x224x224'],
    [
      'an image without a shape',
      {
        inputs: { x: null, y: [1, 8, 222, 222] },
        weights: { w: [8, 3, 3, 3] },
        nodes: [node('Conv', ['x', 'w'], ['c']), node('Add', ['c', 'y'], ['z'])],
      },
      'x=1x3x224x224',
    ],
    [
      'a pair of texts',
      {
        inputs: {
          input_ids: ['batch', 'sequence'],
          'token type:0': ['batch', 'sequence'],
          rest: ['batch', -1, 1],
        },
        nodes: [node('Add', ['input_ids', 'token type:0'], ['a']), node('Add', ['a', 'rest'], ['y'])],
      },
      'sequence=128 rest=1x128x1',
    ],
    [
      'names that a shell would read',
      {
        inputs: { 'a b': ['batch', 'n(1)', -1], c: ['batch', 'n(1)', 'd'] },
        nodes: [node('Add', ['a b', 'c'], ['y'])],
      },
      'a b=1x128x128 n(1)=128 d=128',
    ],
    [
      'a decoder with a cache',
      scores('past_sequence_length + 1'),
      'sequence_length=1 past_sequence_length=128',
    ],
    [
      'a decoder whose mask is a sum',
      scores('past_sequence_length + sequence_length'),
      'sequence_length=1 past_sequence_length=128',
    ],
    [
      'a decoder whose mask has a name',
      scores('total_sequence_length'),
      'sequence_length=1 total_sequence_length=129 past_sequence_length=128',
    ],
  ])('is read back: %s', async (_, spec, proposal) => {
    const error: Error = await read(spec).then(
      () => expect.unreachable(),
      error => error,
    );
    const texts = pasted(error.message);
    expect(texts.join(' ')).toBe(proposal);
    const { layers } = await read(spec, parseInputOverrides(texts));
    expect(layers.filter(({ kind }) => kind === 'unknown')).toEqual([]);
  });
});

describe('the operator set', () => {
  it.each([
    [28, []],
    [29, ['opset 29 is newer than 28, read as 28']],
  ])('%d is noted where it is newer than what is known', async (opset, notes) => {
    const network = await read({ opset, inputs: { x: [1] }, nodes: [node('Relu', ['x'], ['y'])] });
    expect(network.notes).toEqual(notes);
  });
});
