import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../formats/byte-source.js';

/** A file on disk. `close` lets go of the descriptor; a later read (a weight that `run` wants) opens it again. */
export interface FileByteSource extends ByteSource {
  close(): void;
}

/**
 * Opens a file for random access; its content stays on disk.
 *
 * @throws NodeJS.ErrnoException where the file is missing or may not be read
 */
export function openFile(path: string): FileByteSource {
  let descriptor: number | undefined = openSync(path, 'r');
  const { size } = fstatSync(descriptor);
  return {
    size,
    read(target, position) {
      descriptor ??= openSync(path, 'r');
      let done = 0;
      while (done < target.length) {
        const read = readSync(descriptor, target, done, target.length - done, position + done);
        if (read === 0) break;
        done += read;
      }
      return done;
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
