import { ConvcostError, show } from '../../errors.js';
import type { DType } from '../../model/dtype.js';
import type { ValueSource } from '../../model/network.js';
import { elementCount, type Shape } from '../../model/shape.js';
import type { ByteSource } from '../byte-source.js';
import { decodeElements } from './payload.js';
import type { NodeProto, SparseTensorProto, TensorProto } from './schema.js';
import { mostFolded, valuesOutside } from './value.js';

/** TensorProto.DataType, as dtypes of ours. */
const dtypes: Readonly<Record<number, DType>> = {
  1: 'f32',
  2: 'u8',
  3: 'i8',
  4: 'u16',
  5: 'i16',
  6: 'i32',
  7: 'i64',
  8: 'string',
  9: 'bool',
  10: 'f16',
  11: 'f64',
  12: 'u32',
  13: 'u64',
  14: 'complex64',
  15: 'complex128',
  16: 'bf16',
  17: 'f8',
  18: 'f8',
  19: 'f8',
  20: 'f8',
  21: 'u4',
  22: 'i4',
  23: 'f4',
  24: 'f8',
  25: 'u2',
  26: 'i2',
};

/** @throws ConvcostError `dtype-not-known` */
export function dtypeOf(type: number): DType {
  const dtype = dtypes[type];
  if (dtype === undefined) throw new ConvcostError('dtype-not-known', { type });
  return dtype;
}

export const isFloat = (dtype: DType): boolean =>
  dtype.startsWith('f') || dtype === 'bf16' || dtype.startsWith('complex');

/** A tensor that the file holds: an initializer, the value of a Constant node, or one number for a whole tensor. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** The shape of what is stored: of a sparse tensor, its values alone. */
  readonly storedShape: Shape;
  /** Where the file has it: what two equal names of one tensor share. */
  readonly place: TensorProto | NodeProto;
  readonly content: Content;
  /** Constants of the graph are weights only where a layer computes with them; initializers always are. */
  readonly isInitializer: boolean;
}

type Content =
  | { readonly kind: 'payload'; readonly proto: TensorProto }
  /** ConstantOfShape: untrained weights are exported so. The value is unknown where the file lacks it. */
  | { readonly kind: 'filled'; readonly value: number | undefined };

/**
 * @throws ConvcostError where the dims or the type make no sense
 */
export function storeTensor(proto: TensorProto, name: string, isInitializer: boolean): StoredTensor {
  const shape = checkedShape(proto.dims, name);
  const dtype = dtypeOf(proto.type);
  return {
    name,
    shape,
    dtype,
    storedShape: shape,
    place: proto,
    content: { kind: 'payload', proto },
    isInitializer,
  };
}

/** What a ConstantOfShape node makes. */
export const storeFilled = (
  place: NodeProto,
  tensor: Pick<StoredTensor, 'name' | 'shape' | 'dtype'>,
  value: number | undefined,
): StoredTensor => ({
  ...tensor,
  storedShape: tensor.shape,
  place,
  content: { kind: 'filled', value },
  isInitializer: false,
});

export function storeSparse(sparse: SparseTensorProto, name: string, isInitializer: boolean): StoredTensor {
  const { values, dims } = sparse;
  if (values === undefined) throw new ConvcostError('file-incomplete', { what: `values of ${show(name)}` });
  const stored = storeTensor(values, name, isInitializer);
  return { ...stored, shape: checkedShape(dims, name) };
}

/**
 * A shape that came from the file or was computed from it.
 *
 * @throws ConvcostError where a dim is negative or the elements pass 2^53 - 1
 */
export function checkedShape(dims: readonly number[], name: string): Shape {
  if (dims.length > 64) throw new ConvcostError('rank-too-large', { tensor: name, rank: dims.length });
  for (const dim of dims) {
    if (!Number.isSafeInteger(dim) || dim < 0)
      throw new ConvcostError('dim-out-of-range', { tensor: name, dims });
  }
  if (dims.includes(0)) return dims;
  elementCount(dims);
  return dims;
}

/** The elements of a short tensor; undefined where it is long or where the file does not hold them. */
export function readSmall(
  source: ByteSource,
  { content, shape, storedShape }: StoredTensor,
): number[] | undefined {
  const count = elementCount(shape);
  if (content.kind !== 'payload' || shape !== storedShape || count > mostFolded) return undefined;
  const values = readElements(source, content.proto, count);
  return values && Array.from(values);
}

/** Why the elements of a short tensor are not known, where they lie in another file. */
export function whyNotRead({ name, content, shape }: StoredTensor): string | undefined {
  if (content.kind !== 'payload' || elementCount(shape) > mostFolded) return undefined;
  const { external, externalData } = content.proto;
  const file = externalData.find(({ key }) => key === 'location')?.value ?? '';
  return external ? valuesOutside(name, file) : undefined;
}

/** Where `run` finds the values of a stored tensor. */
export function valueSource(source: ByteSource, { content, storedShape }: StoredTensor): ValueSource {
  if (content.kind === 'filled') {
    const { value } = content;
    if (value === undefined) return { type: 'absent' };
    return { type: 'payload', read: async () => new Float32Array(elementCount(storedShape)).fill(value) };
  }
  const { proto } = content;
  if (proto.external || (payloadLength(proto) === 0 && elementCount(storedShape) > 0))
    return { type: 'absent' };
  return {
    type: 'payload',
    read: async () => {
      const values = readElements(source, proto, elementCount(storedShape));
      if (values === undefined) throw new ConvcostError('payload-broken', { tensor: proto.name });
      return values instanceof Float32Array ? values : Float32Array.from(values);
    },
  };
}

const payloadLength = ({ payload }: TensorProto): number =>
  payload.reduce((sum, { span }) => sum + span.end - span.start, 0);

function readElements(source: ByteSource, proto: TensorProto, count: number): ArrayLike<number> | undefined {
  if (proto.external) return undefined;
  const length = payloadLength(proto);
  // No element takes more than 16 bytes: a longer payload is not this tensor's.
  if (length > 16 * count) return undefined;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const { span } of proto.payload) {
    const part = bytes.subarray(at, at + span.end - span.start);
    if (source.read(part, span.start) < part.length) return undefined;
    at += part.length;
  }
  const field = proto.payload[0]?.field ?? 'raw';
  return decodeElements(bytes, field, dtypeOf(proto.type), count);
}
