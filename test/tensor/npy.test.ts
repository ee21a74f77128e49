import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConvcostError } from '../../src/errors.js';
import { formatNpy, parseNpy } from '../../src/tensor/npy.js';
import { numpyArrays, refusedArrays } from './numpy-files.js';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

/** A file with any header, true or not. */
function fileOf(header: string, data: Uint8Array = new Uint8Array(), version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const length =
    version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), version, 0, ...length, ...text, ...data]);
}
const header = (shape: string, descr = "'<f4'") =>
  `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;

/** The reason of a refusal, which names the file. */
function refusal(bytes: Uint8Array): string {
  try {
    parseNpy(bytes, 'x.npy');
  } catch (error) {
    if (!(error instanceof ConvcostError)) throw error;
    expect(error.code).toBe('bad-npy');
    expect(error.message).toMatch(/^Cannot read "x.npy" as a NumPy array: /);
    expect(error.message).not.toContain('undefined');
    expect(error.message.length).toBeLessThan(2000);
    return error.message;
  }
  throw new Error('It was not refused.');
}

describe('what NumPy saved', () => {
  it.each(Object.entries(numpyArrays))('%s', (_, { shape, values, base64 }) => {
    const read = parseNpy(bytesOf(base64), 'x.npy');
    expect(read.shape).toEqual(shape);
    expect(Array.from(read.values)).toEqual(values.map(Math.fround));
  });

  it.each(Object.entries(refusedArrays))('is refused by name: %s', (name, base64) => {
    const kind = /^[a-z-]+/.exec(name)![0];
    const words: Record<string, string> = {
      float: 'floats of another size',
      objects: 'Python objects',
      dates: 'another type',
    };
    expect(refusal(bytesOf(base64))).toContain(words[kind] ?? kind);
  });

  it('may have a header of version 2 or 3', () => {
    const data = new Uint8Array(Float32Array.of(1, 2).buffer);
    for (const version of [2, 3]) {
      expect(Array.from(parseNpy(fileOf(header('(2,)'), data, version), 'x.npy').values)).toEqual([1, 2]);
    }
  });
});

describe('what we save', () => {
  it('comes back, whatever the shape', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }), shape => {
        const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 8);
        expect(parseNpy(formatNpy(values, shape), 'x.npy')).toEqual({ values, shape });
      }),
    );
  });

  it('is to the byte what NumPy writes', () => {
    const { shape, values, base64 } = numpyArrays.float32;
    expect(formatNpy(Float32Array.from(values), shape)).toEqual(bytesOf(base64));
  });
});

describe('files that lie', () => {
  const whole = bytesOf(numpyArrays.float32.base64);

  it('cut off anywhere are refused', () => {
    for (let length = 0; length < whole.length; length++) refusal(whole.subarray(0, length));
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'does not begin as a .npy file does'],
    ['another file', new TextEncoder().encode('PK\u0003\u0004 not an array'), 'does not begin as'],
    ['a value too many', Uint8Array.from([...whole, 0, 0, 0, 0]), 'takes 24 bytes, but it holds 28'],
    ['version 9', Uint8Array.from([...whole.subarray(0, 6), 9, ...whole.subarray(7)]), 'its version is 9'],
    ['a huge shape', fileOf(header('(1000000, 1000000)')), 'takes 4000000000000 bytes, but it holds 0'],
    ['a shape past 2^53', fileOf(header('(9999999999, 9999999999, 9999999999)')), 'but it holds 0'],
    ['a size of 400 digits', fileOf(header(`(${'9'.repeat(400)},)`)), 'but it holds 0'],
    ['a huge size times nothing', fileOf(header(`(0, ${'9'.repeat(400)})`)), 'but it holds 0'],
    ['100 axes', fileOf(header(`(${'1, '.repeat(100)})`)), 'states 100 axes'],
    ['a header of 60,000 bytes', fileOf(header('(1,)').padEnd(60_000)), 'its header takes 60001 bytes'],
    ['a header without a shape', fileOf("{'descr': '<f4', 'fortran_order': False}"), 'lacks descr'],
    ['a shape below zero', fileOf(header('(-1,)')), 'lacks descr'],
    ['a type of many letters', fileOf(header('(1,)', `'${'x'.repeat(3000)}'`)), 'another type'],
    ['an inherited type', fileOf(header('(1,)', "'constructor'")), 'another type'],
  ])('%s', (_, bytes, says) => {
    expect(refusal(bytes)).toContain(says);
  });

  it('take no memory for what they state', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) refusal(fileOf(header('(60000, 60000)')));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10e6);
  });
});
