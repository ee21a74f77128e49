import { ConvcostError } from '../errors.js';
import type { Network } from '../model/network.js';
import { type ByteSource, readHead } from './byte-source.js';
import { beginningOf, foreignFormat } from './foreign.js';
import { refuseLfsPointer } from './lfs.js';
import type { ModelFormat, ReadOptions } from './model-format.js';
import { onnx } from './onnx/index.js';

export { type ByteSource, readHead, sourceFromBytes } from './byte-source.js';
export { type InputOverrides, noOverrides, parseInputOverrides } from './input-overrides.js';
export type { ModelFormat, ReadOptions } from './model-format.js';

/** Every format that is read. To add one, add its folder and a line here. */
export const modelFormats: readonly ModelFormat[] = [onnx];

/** The format that a file's first bytes speak for; names and extensions prove nothing. */
export const detectFormat = (head: Uint8Array): ModelFormat | undefined =>
  modelFormats.find(format => format.match(head));

/** Whether a file is to be read, or refused, as a model: it begins like one, or is at least called one. */
export const isModel = (path: string, head: Uint8Array): boolean =>
  detectFormat(head) !== undefined ||
  foreignFormat(head) !== undefined ||
  modelFormats.some(({ extensions }) => extensions.some(each => path.toLowerCase().endsWith(each)));

/**
 * Reads a model file into a network with every shape known; its weights stay where they are.
 *
 * @throws ConvcostError where the file is of no known format, is broken, or lacks a size
 */
export async function readModel(source: ByteSource, options: ReadOptions): Promise<Network> {
  const head = readHead(source);
  // Weights that begin with the length of their header can look like fields of a model.
  const format = foreignFormat(head) ? undefined : detectFormat(head);
  return format === undefined ? refuseModel(head, options.source) : format.read(source, options);
}

/** @throws ConvcostError `lfs-pointer`, else `not-a-model` */
export function refuseModel(head: Uint8Array, file: string): never {
  refuseLfsPointer(head, file);
  throw new ConvcostError('not-a-model', {
    file,
    head: beginningOf(head),
    foreign: foreignFormat(head),
    formats: modelFormats.map(({ name }) => name),
  });
}
