import { describe, expect, it } from 'vitest';
import { ByteReader, type ByteSource, readHead, sourceFromBytes } from '../../src/formats/byte-source.js';
import { decodeMessage, type Schema, type Span } from '../../src/formats/protobuf.js';
import { bytes, int, message, text, varint } from './onnx-builder.js';

interface Node {
  numbers: number[];
  text: string;
  float: number;
  payload: Span | undefined;
  children: Node[];
}

const schema: Schema<Node> = {
  create: () => ({ numbers: [], text: '', float: 0, payload: undefined, children: [] }),
  fields: {
    1: (node, field) => field.ints(node.numbers),
    2: (node, field) => (node.text = field.text()),
    3: (node, field) => (node.payload = field.span()),
    4: (node, field) => node.children.push(field.message(schema)),
    5: (node, field) => (node.float = field.float()),
  },
};

const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]));
const decode = (...parts: readonly Uint8Array[]) => decodeMessage(sourceFromBytes(join(...parts)), schema);

describe('decodeMessage', () => {
  it.each([0, 1, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 53, -1, -(2 ** 40)])('reads %d', value => {
    expect(decode(int(1, value)).numbers).toEqual([value]);
  });

  it('reads numbers packed and one by one, mixed', () => {
    expect(decode(int(1, 7), bytes(1, join(varint(8), varint(300))), int(1, 9)).numbers).toEqual([
      7, 8, 300, 9,
    ]);
  });

  it('reads texts, floats and nested messages; the last of a lone field wins', () => {
    const float = join(varint(8 * 5 + 5), new Uint8Array(Float32Array.of(1.5).buffer));
    const read = decode(text(2, 'a'), message(4, int(1, 1), message(4, text(2, 'é'))), text(2, 'b'), float);
    expect(read).toMatchObject({
      text: 'b',
      float: 1.5,
      children: [{ numbers: [1], children: [{ text: 'é' }] }],
    });
  });

  it('skips fields that the schema does not name, of every wire type', () => {
    const fixed64 = join(varint(8 * 9 + 1), new Uint8Array(8));
    const fixed32 = join(varint(8 * 9 + 5), new Uint8Array(4));
    expect(decode(fixed64, int(9, 5), fixed32, text(9, 'x'), int(1, 3)).numbers).toEqual([3]);
  });

  it('leaves payloads where they are', () => {
    const whole = join(int(1, 1), bytes(3, new Uint8Array(1000)), int(1, 2));
    const { payload, numbers } = decode(whole);
    expect([payload, numbers]).toEqual([{ start: 5, end: 1005 }, [1, 2]]);
  });

  it('leaves a text that no name is as long as', () => {
    expect(decode(text(2, 'x'.repeat(70_000)), int(1, 1))).toMatchObject({ text: '', numbers: [1] });
  });

  it.each<[string, readonly Uint8Array[], RegExp]>([
    ['a number that ends early', [Uint8Array.of(8, 0x80)], /byte 2: it ends in the middle/],
    ['a number of eleven bytes', [Uint8Array.of(8, ...new Array<number>(11).fill(0x80))], /longer than ten/],
    ['a length beyond the end', [Uint8Array.of(8 * 2 + 2, 5, 65)], /5 bytes does not fit into the 1/],
    ['a child longer than its parent', [message(4, Uint8Array.of(8 * 4 + 2, 9)), int(1, 1)], /does not fit/],
    ['a negative length', [join(varint(8 * 3 + 2), varint(-1))], /does not fit/],
    ['a wire type that does not exist', [Uint8Array.of(8 * 9 + 3)], /wire type 3/],
    ['a message in place of a number', [int(2, 1)], /wire type 0 in place of 2/],
    ['a float that ends early', [Uint8Array.of(8 * 5 + 5, 1, 2)], /middle of a value/],
  ])('refuses %s', (_, parts, reason) => {
    expect(() => decode(...parts)).toThrow(
      expect.objectContaining({ code: 'file-broken', message: expect.stringMatching(reason) }),
    );
  });

  it('goes as deep as the file does, up to a limit', () => {
    const nested = (depth: number) => {
      let inner: Uint8Array = new Uint8Array();
      for (let level = 0; level < depth; level++)
        inner = Buffer.concat([varint(34), varint(inner.length), inner]);
      return inner;
    };
    let depth = 0;
    for (let node = decode(nested(20_000)).children[0]; node; node = node.children[0]) depth++;
    expect(depth).toBe(20_000);
  });

  it('says how far it is', () => {
    const seen: number[] = [];
    const many = join(...Array.from({ length: 3000 }, () => int(1, 1)));
    decodeMessage(sourceFromBytes(many), schema, done => seen.push(done));
    expect(seen).toEqual([2048, 4096]);
  });
});

describe('ByteReader', () => {
  const size = 300_000;
  const content = Uint8Array.from({ length: size }, (_, at) => (at * 7) % 251);

  it('gives the same bytes whatever the jumps', () => {
    const reader = new ByteReader(sourceFromBytes(content));
    for (const [position, length] of [
      [0, 3],
      [65_535, 4],
      [299_990, 20],
      [10, 70_000],
      [4095, 2],
      [1, 1],
    ] as const) {
      reader.position = position;
      expect(reader.byte()).toBe(content[position]);
      expect(reader.bytes(length)).toEqual(content.slice(position + 1, position + 1 + length));
    }
    reader.position = size;
    expect(reader.byte()).toBeUndefined();
  });

  it('reads little after a jump and more while it goes on', () => {
    const lengths: number[] = [];
    const inner = sourceFromBytes(content);
    const source: ByteSource = {
      size,
      read(target, position) {
        lengths.push(target.length);
        return inner.read(target, position);
      },
    };
    const reader = new ByteReader(source);
    for (let at = 0; at < 20_000; at++) reader.byte();
    reader.position = 200_000;
    reader.byte();
    expect(lengths.at(-1)).toBe(4096);
    expect(Math.max(...lengths)).toBeGreaterThan(4096);
  });

  it('has a head for files shorter than one', () => {
    expect(readHead(sourceFromBytes(Uint8Array.of(1, 2, 3)))).toEqual(Uint8Array.of(1, 2, 3));
  });
});
