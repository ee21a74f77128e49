import { countNetwork } from '../../src/cost/count.js';
import { type InputOverrides, noOverrides, readModel, sourceFromBytes } from '../../src/formats/index.js';
import type { Network } from '../../src/model/network.js';

/** A small writer of ONNX files, so that a test can state a graph of any opset in a few lines. */
export interface ModelSpec {
  readonly opset?: number;
  /** Sizes, or names of symbolic ones; `null` leaves the shape out. */
  readonly inputs?: Readonly<Record<string, readonly (number | string)[] | null>>;
  readonly weights?: Readonly<Record<string, TensorSpec | readonly number[]>>;
  readonly nodes: readonly Uint8Array[];
  readonly outputs?: readonly string[];
  readonly functions?: readonly Uint8Array[];
  /** Dims that the file declares for values inside. */
  readonly declared?: Readonly<Record<string, readonly number[]>>;
}

/** Only dims: a float tensor without values. `ints`: int64, with them. */
export interface TensorSpec {
  readonly dims: readonly number[];
  readonly type?: number;
  readonly ints?: readonly number[];
  readonly floats?: readonly number[];
  readonly raw?: Uint8Array;
  /** Whether the values lie in another file, or its name. */
  readonly external?: boolean | string;
}

export type AttributeSpec =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorSpec }
  | { readonly graph: Uint8Array }
  | { readonly reference: string };

const utf8 = new TextEncoder();

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Numbers beyond the 64 bits become the last that fits, as exporters write "to the end". */
export function varint(value: number): Uint8Array {
  const last = 2n ** 63n - 1n;
  let rest = BigInt.asUintN(64, BigInt(value) > last ? last : BigInt(value));
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

export const int = (field: number, value: number): Uint8Array => join([varint(8 * field), varint(value)]);
export const bytes = (field: number, value: Uint8Array): Uint8Array =>
  join([varint(8 * field + 2), varint(value.length), value]);
export const text = (field: number, value: string): Uint8Array => bytes(field, utf8.encode(value));
export const message = (field: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  bytes(field, join(parts));

const floatBytes = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

const tensorParts = ({ dims, type, ints, floats, raw, external }: TensorSpec): readonly Uint8Array[] => [
  ...dims.map(dim => int(1, dim)),
  int(2, type ?? (ints ? 7 : 1)),
  ...(ints ? [bytes(7, join(ints.map(varint)))] : []),
  ...(floats ? [bytes(4, floatBytes(floats))] : []),
  ...(raw ? [bytes(9, raw)] : []),
  ...(typeof external === 'string' ? [message(13, text(1, 'location'), text(2, external))] : []),
  ...(external ? [int(14, 1)] : []),
];

/** Each kind of value with its field and its AttributeType. */
function attribute(name: string, value: AttributeSpec): Uint8Array {
  const typed = (type: number, field: Uint8Array) => message(5, text(1, name), field, int(20, type));
  if (typeof value === 'number') return typed(2, int(3, value));
  if (typeof value === 'string') return typed(3, text(4, value));
  if ('float' in value) return typed(1, join([varint(8 * 2 + 5), floatBytes([value.float])]));
  if ('floats' in value) return typed(6, bytes(7, floatBytes(value.floats)));
  if ('tensor' in value) return typed(4, message(5, ...tensorParts(value.tensor)));
  if ('graph' in value) return typed(5, bytes(6, value.graph));
  if ('reference' in value) return message(5, text(1, name), text(21, value.reference));
  return typed(7, bytes(8, join(value.map(varint))));
}

/** A node as it stands in a graph; `NAME:Op` names it, `domain::Op` gives a domain. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeSpec>> = {},
  { name = '', domain = '' }: { readonly name?: string; readonly domain?: string } = {},
): Uint8Array {
  return join([
    ...inputs.map(input => text(1, input)),
    ...outputs.map(output => text(2, output)),
    text(3, name),
    text(4, op),
    ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    text(7, domain),
  ]);
}

const valueInfo = (name: string, dims: readonly (number | string)[] | null, type = 1): Uint8Array => {
  const shape = dims?.map(dim => message(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  return join([
    text(1, name),
    message(2, message(1, int(1, type), ...(shape ? [message(2, ...shape)] : []))),
  ]);
};

export function graph({
  inputs = {},
  weights = {},
  nodes,
  outputs = [],
  declared = {},
}: ModelSpec): Uint8Array {
  return join([
    ...nodes.map(each => bytes(1, each)),
    ...Object.entries(weights).map(([name, tensor]) =>
      message(5, ...tensorParts('dims' in tensor ? tensor : { dims: tensor }), text(8, name)),
    ),
    ...Object.entries(inputs).map(([name, dims]) => bytes(11, valueInfo(name, dims))),
    ...outputs.map(name => bytes(12, valueInfo(name, null))),
    ...Object.entries(declared).map(([name, dims]) => bytes(13, valueInfo(name, dims))),
  ]);
}

/** A function of the model, in domain `local`. */
export const localFunction = (
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly Uint8Array[],
): Uint8Array =>
  join([
    text(1, name),
    ...inputs.map(input => text(4, input)),
    ...outputs.map(output => text(5, output)),
    ...nodes.map(each => bytes(7, each)),
    text(10, 'local'),
  ]);

export const model = (spec: ModelSpec): Uint8Array =>
  join([
    int(1, 8),
    message(8, int(2, spec.opset ?? 17)),
    message(8, text(1, 'com.microsoft'), int(2, 1)),
    bytes(7, graph(spec)),
    ...(spec.functions ?? []).map(each => bytes(25, each)),
  ]);

export const readBytes = (file: Uint8Array, inputs: InputOverrides = noOverrides): Promise<Network> =>
  readModel(sourceFromBytes(file), { name: 'test', source: 'test.onnx', inputs });

export const read = (spec: ModelSpec, inputs?: InputOverrides): Promise<Network> =>
  readBytes(model(spec), inputs);

export const count = async (spec: ModelSpec) => countNetwork(await read(spec));
