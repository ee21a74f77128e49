import { describe, expect, it } from 'vitest';
import { parseInputOverrides } from '../../../src/formats/index.js';
import { node, read } from '../onnx-builder.js';

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

  it('takes no input that is stored: files of IR version 3 list those too', async () => {
    const { inputs } = await read({
      inputs: { x: [1, 2, 5], w: [3, 2, 3] },
      weights: { w: [3, 2, 3] },
      nodes: [node('Conv', ['x', 'w'], ['y'])],
    });
    expect(inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it.each([
    [{ x: ['N', 3, 'H', 'W'] }, [], 'dims-missing', /axis 2 \(H\) and axis 3 \(W\).*--input 1x3x224x224$/],
    [{ x: ['a', 'b', 16], y: [4] }, [], 'dims-missing', /--input x=1x128x16$/],
    [{ x: null }, [], 'dims-missing', /no shape for input "x".*--input 1x3x224x224$/],
    [{ x: [1, 3, 8, 8] }, ['1x3'], 'input-rank', /4 axes, but 1x3 has 2/],
    [{ x: [1, 3], y: [1, 3] }, ['1x3'], 'input-ambiguous', /NAME=1x3.*"x", "y"/],
    [{ x: ['N', 3] }, ['z=1x3'], 'input-unknown', /"z".*inputs: "x"; its symbolic sizes: "N"/],
    [{ x: ['N', 3] }, ['M=1'], 'input-unknown', /"M"/],
    [{ x: [-2, 3] }, [], 'dim-out-of-range', /\[-2, 3\]/],
    [{ x: [2 ** 40, 2 ** 40] }, [], 'too-large', /1208925819614629174706176/],
  ] as const)('%j with %j: %s', async (inputs, texts, code, text) => {
    await expect(relu(inputs, texts)).rejects.toMatchObject({ code, message: expect.stringMatching(text) });
  });
});
