/**
 * Protocol buffers, as far as a model file takes them. A message is a list of parts that are joined once, at
 * the end: weights are copied once, however deep they stand.
 *
 * Source: protobuf.dev, Encoding.
 */
export type Message = readonly Uint8Array[];

const wire = { varint: 0, bytes: 2, fixed32: 5 } as const;

/** A field that holds an integer of at least 0. */
export const intField = (field: number, value: number): Message => [tag(field, wire.varint), varint(value)];

export function floatField(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [tag(field, wire.fixed32), bytes];
}

export const bytesField = (field: number, bytes: Uint8Array): Message => messageField(field, [bytes]);

export const textField = (field: number, text: string): Message =>
  bytesField(field, new TextEncoder().encode(text));

export function messageField(field: number, ...contents: readonly Message[]): Message {
  const parts = contents.flat();
  return [tag(field, wire.bytes), varint(byteLength(parts)), ...parts];
}

/** The parts of a message as one array. */
export function joinParts(parts: Message): Uint8Array {
  const joined = new Uint8Array(byteLength(parts));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Seven bits a byte, the low ones first. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

const tag = (field: number, type: number): Uint8Array => varint(field * 8 + type);
const byteLength = (parts: Message): number => parts.reduce((sum, { length }) => sum + length, 0);
