import { describe, expect, it } from 'vitest';
import { ConvcostError } from '../../src/errors.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseSpecFile } from '../../src/spec/file.js';
import { aNetwork } from '../builders.js';

const inputsOf = (spec: string) =>
  buildNetwork(parseSpecFile(spec, 'spec.yaml'), { name: 's', source: 's', format: 'spec' }).inputs.map(
    ({ name, shape }) => [name, shape],
  );

describe('inputs of a spec file', () => {
  it.each([
    ['{fill: ramp, shape: [1, 4, 5, 2]}', [1, 4, 5, 2]],
    ['{fill: ones, layout: NCHW, shape: [1, 2, 4, 5]}', [1, 4, 5, 2]],
    ['{file: x.npy, layout: HWC, shape: [4, 5, 2]}', [1, 4, 5, 2]],
  ])('may be sized by data: %s', (data, shape) => {
    expect(inputsOf(`data: ${data}\nlayers: [relu]`)).toEqual([['input', shape]]);
  });

  it('a fill takes the size that is written for the input', () => {
    expect(inputsOf('input: 8x8x2\ndata: {fill: ramp, shape: [1, 4, 4, 2]}\nlayers: [relu]')).toEqual([
      ['input', [1, 8, 8, 2]],
    ]);
  });

  it('a file does not: what is said of it must be the size of the input', () => {
    const spec = 'input: 8x8x2\ndata: {file: x.npy, shape: [1, 4, 4, 2]}\nlayers: [relu]';
    const refused = () => inputsOf(spec);
    expect(refused).toThrow(ConvcostError);
    expect(refused).toThrow('The data are written with shape [1, 4, 4, 2], but NHWC is [1, 8, 8, 2] here.');
  });

  it('further ones need a shape', () => {
    const spec = (shape: string) =>
      `input: 2x2x1\ninputs: {mask: {fill: ones${shape}}}\nlayers: [{op: mul, from: [input, mask]}]`;
    expect(inputsOf(spec(', shape: [1, 2, 2, 1]'))).toEqual([
      ['input', [1, 2, 2, 1]],
      ['mask', [1, 2, 2, 1]],
    ]);
    expect(() => inputsOf(spec(''))).toThrow('Input "mask" has no shape.');
  });
});

describe('a picture in the other axis order', () => {
  const notesOf = (tokens: string) => aNetwork(tokens).notes;

  it('is noted, with the size to write', () => {
    expect(notesOf('@3x224x224 conv3x3 32')).toEqual([
      'input 3x224x224 is read with 224 channels. For 3 channels, write 224x224x3.',
    ]);
  });

  it.each(['@224x224x3 conv3x3 32', '@3x3x1024 conv3x3 32', '@1x1x1280 fc 1000', '@3x224 conv3 32'])(
    'is not seen in %s',
    tokens => expect(notesOf(tokens)).toEqual([]),
  );
});
