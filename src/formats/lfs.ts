import { ConvcostError } from '../errors.js';

/** Longer than any pointer; models are larger. */
const longestPointer = 1024;

/**
 * A file that Git LFS keeps elsewhere holds a few lines in its place (git-lfs.com, docs/spec.md): to parse
 * them as a model would give a puzzling error.
 *
 * @param at the commit that it was read from
 * @throws ConvcostError `lfs-pointer`
 */
export function refuseLfsPointer(bytes: Uint8Array, path: string, at?: string): void {
  if (bytes.length > longestPointer) return;
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return;
  const size = /^size (\d+)$/m.exec(text)?.[1];
  throw new ConvcostError('lfs-pointer', { path, at, bytes: size === undefined ? undefined : Number(size) });
}
