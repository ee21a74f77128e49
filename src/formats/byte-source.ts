/** Random access to the bytes of a model file, wherever they lie: a descriptor, a buffer, a blob. */
export interface ByteSource {
  readonly size: number;
  /** Fills `target` from byte `position` on, and returns how many bytes there were: fewer at the end. */
  read(target: Uint8Array, position: number): number;
}

/** Bytes that are in memory already: standard input, a browser's upload, a test. */
export const sourceFromBytes = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read(target, position) {
    const part = bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  },
});

/** The first bytes of a file: enough to tell its format. */
export function readHead(source: ByteSource, length = 4096): Uint8Array {
  const head = new Uint8Array(Math.min(length, source.size));
  return head.subarray(0, source.read(head, 0));
}

const smallestWindow = 4 * 1024;
const largestWindow = 64 * 1024;

/**
 * A position in a source, and a window of bytes around it. The window is small after a jump and grows
 * while reading goes straight on, so that skipping a payload of any size costs one small read.
 */
export class ByteReader {
  position = 0;
  readonly source: ByteSource;
  readonly #window: Uint8Array;
  #base = 0;
  #length = 0;
  #nextLength = smallestWindow;

  constructor(source: ByteSource) {
    this.source = source;
    this.#window = new Uint8Array(Math.min(largestWindow, Math.max(source.size, 1)));
  }

  /** The byte at the position, which moves on; undefined at the end of the source. */
  byte(): number | undefined {
    const at = this.position - this.#base;
    if (at >= 0 && at < this.#length) {
      this.position++;
      return this.#window[at];
    }
    if (!this.#fill()) return undefined;
    this.position++;
    return this.#window[0];
  }

  /** The next `length` bytes, or as many as there are: a view, which holds until the next read. */
  bytes(length: number): Uint8Array {
    const at = this.position - this.#base;
    if (at >= 0 && at + length <= this.#length) {
      this.position += length;
      return this.#window.subarray(at, at + length);
    }
    const copy = new Uint8Array(Math.max(0, Math.min(length, this.source.size - this.position)));
    const read = this.source.read(copy, this.position);
    this.position += read;
    return copy.subarray(0, read);
  }

  #fill(): boolean {
    const goesOn = this.position === this.#base + this.#length;
    this.#nextLength = goesOn ? Math.min(2 * this.#nextLength, largestWindow) : smallestWindow;
    this.#base = this.position;
    this.#length = this.source.read(this.#window.subarray(0, this.#nextLength), this.position);
    return this.#length > 0;
  }
}
