import { ConvcostError } from '../errors.js';
import { ByteReader, type ByteSource } from './byte-source.js';

/**
 * A reader of protocol buffers for files that are mostly payload: messages become objects, payloads stay
 * in the file and are known by their place alone. Nested messages are put on a stack, so that no input
 * decides how deep this code calls itself.
 *
 * Source: protobuf.dev, Encoding.
 */
export interface Schema<M> {
  /** An empty message, with the defaults of its fields. */
  readonly create: () => M;
  /** What each field number does; others are skipped. */
  readonly fields: Readonly<Record<number, (message: M, field: FieldReader) => void>>;
}

/** A part of the file: from byte `start` up to `end`, which is not in it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a value is laid out: the wire types of protocol buffers, without groups. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const deepest = 100_000;
const mostMessages = 1_000_000;
/** No name is longer; what is (a blob in a string attribute) stays in the file. */
const longestText = 64 * 1024;

const utf8 = new TextDecoder();

/**
 * Reads one message of the whole source.
 *
 * @param onProgress is told now and then how many bytes are behind
 * @throws ConvcostError `file-broken` with the byte at which the file stops making sense
 */
export function decodeMessage<M>(
  source: ByteSource,
  schema: Schema<M>,
  onProgress?: (done: number, total: number) => void,
): M {
  const reader = new FieldReader(source);
  const root = schema.create();
  reader.enter(schema, root, source.size);
  let fields = 0;
  while (reader.step()) if ((++fields & 1023) === 0) onProgress?.(reader.position, source.size);
  return root;
}

/** The unread rest of a message, and what to do with its fields. */
interface Open {
  readonly schema: Schema<unknown>;
  readonly message: unknown;
  readonly end: number;
}

/** The value of one field, for a schema's function to take in the form that it knows the field to have. */
export class FieldReader {
  readonly #bytes: ByteReader;
  readonly #open: Open[] = [];
  #messages = 0;
  #end = 0;
  #wire = 0;

  constructor(source: ByteSource) {
    this.#bytes = new ByteReader(source);
  }

  get position(): number {
    return this.#bytes.position;
  }

  enter<M>(schema: Schema<M>, message: M, end: number): void {
    if (this.#open.length >= deepest) this.#broken(`messages are nested more than ${deepest} deep`);
    if (++this.#messages > mostMessages) this.#broken(`it holds more than ${mostMessages} messages`);
    this.#open.push({ schema: schema as Schema<unknown>, message, end });
  }

  /** Reads the next field of the innermost open message; false where none is open. */
  step(): boolean {
    const open = this.#open.at(-1);
    if (open === undefined) return false;
    if (this.#bytes.position >= open.end) {
      this.#open.pop();
      return true;
    }
    this.#end = open.end;
    const tag = this.#varint();
    this.#wire = tag % 8;
    const handle = open.schema.fields[Math.floor(tag / 8)];
    if (handle) handle(open.message, this);
    else this.skip();
    return true;
  }

  /** An integer of up to 64 bits. Beyond 2^53 it is rounded: such numbers only ever mean "to the end". */
  int(): number {
    this.#expect(wire.varint);
    return this.#varint();
  }

  /** Adds the integers of a repeated field, packed or one by one. */
  ints(into: number[]): void {
    if (this.#wire !== wire.bytes) {
      into.push(this.int());
      return;
    }
    const end = this.#length();
    this.#end = end;
    while (this.#bytes.position < end) into.push(this.#varint());
  }

  float(): number {
    this.#expect(wire.fixed32);
    return this.#float();
  }

  floats(into: number[]): void {
    if (this.#wire !== wire.bytes) {
      into.push(this.float());
      return;
    }
    const end = this.#length();
    this.#end = end;
    while (this.#bytes.position < end) into.push(this.#float());
  }

  text(): string {
    this.#expect(wire.bytes);
    const end = this.#length();
    const length = end - this.#bytes.position;
    if (length <= longestText) return utf8.decode(this.#bytes.bytes(length));
    this.#bytes.position = end;
    return '';
  }

  /** An empty message that is filled before the field after it is read. */
  message<M>(schema: Schema<M>): M {
    this.#expect(wire.bytes);
    const message = schema.create();
    this.enter(schema, message, this.#length());
    return message;
  }

  /** Where a payload lies: a packed or raw one without its length, a lone value without its tag. */
  span(): Span {
    if (this.#wire === wire.bytes) {
      const end = this.#length();
      const span = { start: this.#bytes.position, end };
      this.#bytes.position = end;
      return span;
    }
    const start = this.#bytes.position;
    this.skip();
    return { start, end: this.#bytes.position };
  }

  skip(): void {
    if (this.#wire === wire.varint) this.#varint();
    else if (this.#wire === wire.bytes) this.#bytes.position = this.#length();
    else if (this.#wire === wire.fixed64) this.#bytes.position = this.#within(8);
    else if (this.#wire === wire.fixed32) this.#bytes.position = this.#within(4);
    else this.#broken(`wire type ${this.#wire} does not exist`);
  }

  #expect(wireType: number): void {
    if (this.#wire !== wireType) this.#broken(`a field has wire type ${this.#wire} in place of ${wireType}`);
  }

  /** Reads a length; returns the end of what it measures, which lies inside the open message. */
  #length(): number {
    const length = this.#varint();
    return this.#within(length);
  }

  #within(length: number): number {
    const end = this.#bytes.position + length;
    if (length < 0 || !(end <= this.#end)) {
      this.#broken(
        `a field of ${length} bytes does not fit into the ${this.#end - this.#bytes.position} that are left`,
      );
    }
    return end;
  }

  #byte(): number {
    const byte = this.#bytes.position < this.#end ? this.#bytes.byte() : undefined;
    return byte ?? this.#broken('it ends in the middle of a value');
  }

  /** Seven bits a byte, the low ones first; ten bytes hold a negative number of 64 bits. */
  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    let large = BigInt(value);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      large |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, large));
    }
    return this.#broken('a number is longer than ten bytes');
  }

  #float(): number {
    if (this.#bytes.position + 4 > this.#end) this.#broken('it ends in the middle of a value');
    const bytes = this.#bytes.bytes(4);
    if (bytes.length < 4) this.#broken('it ends in the middle of a value');
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
  }

  #broken(what: string): never {
    throw new ConvcostError('file-broken', { position: this.#bytes.position, what });
  }
}
