import { ConvcostError } from '../../errors.js';
import { type WasmMemory, webAssembly } from './web-assembly.js';

const pageBytes = 65_536;
const lineBytes = 64;

/**
 * Space between two regions. A multiple of the cache line that is no multiple of 4096: regions of round
 * sizes would otherwise start in the same sets of the cache and push each other out.
 */
const gapBytes = 17 * lineBytes;

/**
 * The one memory of an engine, handed out from bottom to top. It is shared even with a single thread, where
 * the runtime allows it: growing a shared memory leaves the arrays that look into it valid.
 */
export class Arena {
  readonly memory: WasmMemory;
  readonly shared: boolean;
  readonly maximumPages: number;
  #top = lineBytes;
  #scratch = { address: 0, bytes: 0 };
  #zeros = { address: 0, bytes: 0 };

  constructor(limitPages = 65_536) {
    const { memory, shared, pages } = openMemory(limitPages);
    this.memory = memory;
    this.shared = shared;
    this.maximumPages = pages;
  }

  /** Bytes handed out so far. */
  get usedBytes(): number {
    return this.#top;
  }

  /**
   * A region of its own, aligned to a cache line, zero at first. Vector loads may read 64 bytes past it.
   *
   * @returns its address in bytes
   * @throws ConvcostError `wasm-memory-full`
   */
  reserve(bytes: number): number {
    const address = this.#top;
    const top = address + Math.ceil(bytes / lineBytes) * lineBytes + gapBytes;
    const limitBytes = this.maximumPages * pageBytes;
    if (top > limitBytes) throw new ConvcostError('wasm-memory-full', { bytes: top, limitBytes });
    const missing = Math.ceil((top - this.memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.#grow(missing, top);
    this.#top = top;
    return address;
  }

  /**
   * Makes the region that all kernels share for what they need only while they run at least this large.
   * Its address may change with every call: read `scratch` when running.
   */
  reserveScratch(bytes: number): void {
    if (bytes > this.#scratch.bytes) this.#scratch = { address: this.reserve(bytes), bytes };
  }

  get scratch(): number {
    return this.#scratch.address;
  }

  /** Makes the region of zeros that kernels read in place of padding at least this large, as `reserveScratch`. */
  reserveZeros(bytes: number): void {
    if (bytes > this.#zeros.bytes) this.#zeros = { address: this.reserve(bytes), bytes };
  }

  get zeros(): number {
    return this.#zeros.address;
  }

  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  ints(address: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  /** Copies values into a region of their own. */
  place(values: Float32Array | Int32Array): number {
    const address = this.reserve(values.byteLength);
    if (values instanceof Float32Array) this.floats(address, values.length).set(values);
    else this.ints(address, values.length).set(values);
    return address;
  }

  /** @throws ConvcostError `not-in-wasm-memory` for an array that did not come from here */
  addressOf(array: Float32Array): number {
    if (array.length > 0 && !this.#holds(array)) throw new ConvcostError('not-in-wasm-memory', {});
    return array.byteOffset;
  }

  #holds({ buffer }: Float32Array): boolean {
    const own = this.memory.buffer;
    // The buffer of a grown shared memory is another object over the same bytes. Browsers may hide its class.
    return this.shared ? buffer.constructor === own.constructor : buffer === own;
  }

  #grow(pages: number, bytes: number): void {
    try {
      this.memory.grow(pages);
    } catch {
      throw new ConvcostError('wasm-memory-full', { bytes, limitBytes: this.memory.buffer.byteLength });
    }
  }
}

/** The largest memory that the runtime gives: shared and growing, else fixed, since growing would detach arrays. */
function openMemory(limitPages: number): { memory: WasmMemory; shared: boolean; pages: number } {
  for (const shared of [true, false]) {
    for (let pages = shared ? limitPages : Math.min(limitPages, 16_384); pages >= 1; pages >>= 1) {
      try {
        const initial = shared ? 1 : pages;
        return { memory: new webAssembly!.Memory({ initial, maximum: pages, shared }), shared, pages };
      } catch {
        // Too much for this system: ask for half.
      }
    }
  }
  throw new ConvcostError('wasm-memory-full', { bytes: pageBytes, limitBytes: 0 });
}
