import { ConvcostError, show } from '../errors.js';
import type { Shape } from '../model/shape.js';
import type { LoadedArray } from './load.js';

/** How each number type of a .npy file is read: little-endian, `size` bytes. */
const readers: Readonly<Record<string, { size: number; read: (view: DataView, offset: number) => number }>> =
  {
    '<f4': { size: 4, read: (view, at) => view.getFloat32(at, true) },
    '<f8': { size: 8, read: (view, at) => view.getFloat64(at, true) },
    '|i1': { size: 1, read: (view, at) => view.getInt8(at) },
    '|u1': { size: 1, read: (view, at) => view.getUint8(at) },
    '<i2': { size: 2, read: (view, at) => view.getInt16(at, true) },
    '<u2': { size: 2, read: (view, at) => view.getUint16(at, true) },
    '<i4': { size: 4, read: (view, at) => view.getInt32(at, true) },
    '<u4': { size: 4, read: (view, at) => view.getUint32(at, true) },
    '<i8': { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
    '<u8': { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  };

const magic = [0x93, ...Array.from('NUMPY', letter => letter.charCodeAt(0))];

/** The limits of NumPy's own reader: axes of an array, and bytes of a header that it trusts. */
const mostAxes = 64;
const longestHeader = 10_000;

/**
 * Reads an array that NumPy's `save` wrote: float32, float64 and the integer types, little-endian, C or
 * Fortran order; values come out as float32, row-major. The stated shape is held against the bytes before
 * anything is allocated. Source: NumPy's format specification, versions 1 to 3.
 *
 * @throws ConvcostError `bad-npy`
 */
export function parseNpy(bytes: Uint8Array, path: string): LoadedArray {
  const refuse = (reason: string) => new ConvcostError('bad-npy', { path, reason });
  const { text, dataAt } = headerText(bytes, refuse);
  const { descr, fortran, shape } = parseHeader(text, refuse);
  const reader = Object.hasOwn(readers, descr) ? readers[descr] : undefined;
  if (!reader) {
    throw refuse(
      `it holds ${kindOf(descr)} (dtype ${show(descr)}), but float32, float64 and integers, little-endian, are read`,
    );
  }
  // Plain arithmetic is enough: a count too large to be exact is not the number of bytes of a file.
  const count = shape.reduce((product, size) => product * size, 1);
  const held = bytes.length - dataAt;
  if (count * reader.size !== held) {
    throw refuse(
      `shape (${shape.join(', ')}) of '${descr}' takes ${count * reader.size} bytes, but it holds ${held}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataAt, held);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = reader.read(view, i * reader.size);
  return { values: fortran ? rowMajor(values, shape) : values, shape };
}

/** The dictionary at the head of a file, and where the values begin. */
function headerText(
  bytes: Uint8Array,
  refuse: (reason: string) => ConvcostError,
): { text: string; dataAt: number } {
  if (!magic.every((byte, i) => bytes[i] === byte)) throw refuse('it does not begin as a .npy file does');
  const cutOff = () => refuse(`it is cut off in its header, after ${bytes.length} bytes`);
  const version = bytes[6];
  if (version === undefined) throw cutOff();
  const lengthBytes = { 1: 2, 2: 4, 3: 4 }[version];
  if (lengthBytes === undefined) throw refuse(`its version is ${version}, but 1 to 3 are known`);
  const headerAt = 8 + lengthBytes;
  if (bytes.length < headerAt) throw cutOff();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader) {
    throw refuse(`its header takes ${length} bytes, more than the ${longestHeader} that an array may have`);
  }
  const dataAt = headerAt + length;
  if (dataAt > bytes.length) throw cutOff();
  return { text: new TextDecoder().decode(bytes.subarray(headerAt, dataAt)), dataAt };
}

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: Shape;
}

/** The header is the text of a Python dictionary with three keys. */
function parseHeader(text: string, refuse: (reason: string) => ConvcostError): Header {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (/'descr'\s*:\s*\[/.test(text)) throw refuse('it holds records, but one number type is read');
  if (descr === undefined || fortran === undefined || shape === undefined)
    throw refuse('its header lacks descr, fortran_order or shape');
  const sizes = shape.match(/\d+/g) ?? [];
  if (sizes.length > mostAxes)
    throw refuse(`it states ${sizes.length} axes, but an array has at most ${mostAxes}`);
  return { descr, fortran: fortran === 'True', shape: sizes.map(Number) };
}

const kindOf = (descr: string): string => {
  if (descr.startsWith('>')) return 'big-endian values';
  const kinds: Readonly<Record<string, string>> = {
    O: 'Python objects',
    c: 'complex numbers',
    S: 'bytes',
    U: 'text',
    b: 'booleans',
    f: 'floats of another size',
  };
  return kinds[descr[1] ?? ''] ?? 'another type';
};

/** From Fortran order, where the first axis runs fastest. */
function rowMajor(stored: Float32Array, shape: Shape): Float32Array {
  const result = new Float32Array(stored.length);
  const position = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let index = 0; index < result.length; index++) {
    result[index] = stored[position.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)]!;
    for (let axis = shape.length - 1; axis >= 0 && ++position[axis]! === shape[axis]; axis--)
      position[axis] = 0;
  }
  return result;
}

/** A float32 array as a .npy file, version 1. */
export function formatNpy(values: Float32Array, shape: Shape): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begins at a multiple of 64 bytes; the header ends with a line feed.
  const headerLength = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + headerLength + values.length * 4);
  bytes.set([...magic, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, headerLength, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), 10);
  values.forEach((value, i) => {
    view.setFloat32(10 + headerLength + i * 4, value, true);
  });
  return bytes;
}
