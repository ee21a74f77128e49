import type { DType } from '../../model/dtype.js';
import type { PayloadField } from './schema.js';

/**
 * The elements of a payload, as numbers; undefined where there are not exactly `count` of them, or where
 * the dtype has no numbers. Raw bytes are little-endian; typed fields hold packed floats or varints, and
 * `int32` also the bits of narrower types.
 *
 * Source: onnx.proto, TensorProto.
 */
export function decodeElements(
  bytes: Uint8Array,
  field: PayloadField,
  dtype: DType,
  count: number,
): ArrayLike<number> | undefined {
  if (field === 'int32' || field === 'int64' || field === 'uint64') {
    const numbers = varints(bytes, count);
    if (numbers === undefined) return undefined;
    if (dtype === 'f16') return Array.from(numbers, halfToNumber);
    if (dtype === 'bf16') return Array.from(numbers, brainToNumber);
    return numbers;
  }
  return fixed(bytes, field === 'float' ? 'f32' : field === 'double' ? 'f64' : dtype, count);
}

type Read = (view: DataView, element: number) => number;

/** How one element of raw bytes is read. Not listed: dtypes whose values nothing here needs. */
const readers: Partial<Record<DType, { bytes: number; read: Read }>> = {
  f64: { bytes: 8, read: (view, i) => view.getFloat64(8 * i, true) },
  f32: { bytes: 4, read: (view, i) => view.getFloat32(4 * i, true) },
  f16: { bytes: 2, read: (view, i) => halfToNumber(view.getUint16(2 * i, true)) },
  bf16: { bytes: 2, read: (view, i) => brainToNumber(view.getUint16(2 * i, true)) },
  i64: { bytes: 8, read: (view, i) => Number(view.getBigInt64(8 * i, true)) },
  u64: { bytes: 8, read: (view, i) => Number(view.getBigUint64(8 * i, true)) },
  i32: { bytes: 4, read: (view, i) => view.getInt32(4 * i, true) },
  u32: { bytes: 4, read: (view, i) => view.getUint32(4 * i, true) },
  i16: { bytes: 2, read: (view, i) => view.getInt16(2 * i, true) },
  u16: { bytes: 2, read: (view, i) => view.getUint16(2 * i, true) },
  i8: { bytes: 1, read: (view, i) => view.getInt8(i) },
  u8: { bytes: 1, read: (view, i) => view.getUint8(i) },
  bool: { bytes: 1, read: (view, i) => view.getUint8(i) },
  // Two to a byte, the low half first.
  i4: { bytes: 0.5, read: (view, i) => (nibble(view, i) << 28) >> 28 },
  u4: { bytes: 0.5, read: (view, i) => nibble(view, i) },
};

const nibble = (view: DataView, i: number): number => (view.getUint8(i >> 1) >> (4 * (i & 1))) & 15;

function fixed(bytes: Uint8Array, dtype: DType, count: number): ArrayLike<number> | undefined {
  const reader = readers[dtype];
  if (reader === undefined || bytes.length !== Math.ceil(reader.bytes * count)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = dtype === 'f32' ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = reader.read(view, i);
  return values;
}

function varints(bytes: Uint8Array, count: number): Float64Array | undefined {
  const values = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63n) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    values[i] = Number(BigInt.asIntN(64, value));
  }
  return at === bytes.length ? values : undefined;
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** bfloat16: the upper half of a binary32. */
function brainToNumber(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
