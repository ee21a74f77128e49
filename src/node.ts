/** convcost with files: what `convcost` exports, and what needs Node. */
import { readFile } from 'node:fs/promises';
import { type InputOverrides, isModel, noOverrides, readHead, readModel } from './formats/index.js';
import { openFile } from './io/file-byte-source.js';
import type { Network } from './model/network.js';
import { buildNetwork } from './spec/build.js';
import { parseSpecFile } from './spec/file.js';

export {
  type Algorithm as WasmAlgorithm,
  createWasmEngine,
  type WasmEngine,
  type WasmEngineOptions,
} from './engines/wasm/index.js';
export * from './index.js';

/**
 * Reads a model file (ONNX, by its content) or a spec file (YAML or JSON) into a network. Weights are not loaded.
 *
 * @param inputs shapes that the file leaves open or that are to be others
 * @throws ConvcostError where the file is broken or lacks a size; NodeJS.ErrnoException where it cannot be read
 */
export async function loadNetwork(path: string, inputs: InputOverrides = noOverrides): Promise<Network> {
  const names = { name: path, source: path };
  const file = openFile(path);
  try {
    if (isModel(path, readHead(file))) return await readModel(file, { ...names, inputs });
  } finally {
    file.close();
  }
  const spec = parseSpecFile(await readFile(path, 'utf8'), path);
  const { shape, batch } = inputs;
  return buildNetwork(spec, { ...names, format: 'spec', shape, batch });
}
