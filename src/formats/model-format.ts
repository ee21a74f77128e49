import type { Network } from '../model/network.js';
import type { ByteSource } from './byte-source.js';
import type { InputOverrides } from './input-overrides.js';

/** A kind of model file: how to tell it, and how to read it. */
export interface ModelFormat {
  readonly name: string;
  /** With their dots. */
  readonly extensions: readonly string[];
  /** Whether a file that begins so can be of this format. */
  match(head: Uint8Array): boolean;
  read(source: ByteSource, options: ReadOptions): Promise<Network>;
}

export interface ReadOptions {
  /** What the network is called in reports. */
  readonly name: string;
  /** What the user named: a path, or `-`. */
  readonly source: string;
  readonly inputs: InputOverrides;
  /** Told now and then how many bytes are read or skipped. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
