/** convcost with files: what `convcost` exports, and what needs Node. */
import { readFile } from 'node:fs/promises';
import { type InputOverrides, modelExtensions, noOverrides, readModel } from './formats/index.js';
import { openFile } from './io/file-byte-source.js';
import type { Network } from './model/network.js';
import { buildNetwork } from './spec/build.js';
import { parseSpecFile } from './spec/file.js';

export { createWasmEngine, type WasmEngineOptions } from './engines/wasm/index.js';
export * from './index.js';

/**
 * Reads a model file (ONNX) or a spec file (YAML or JSON) into a network. Weights are not loaded.
 *
 * @param inputs shapes that the file leaves open or that are to be others
 * @throws ConvcostError where the file is broken or lacks a size; NodeJS.ErrnoException where it cannot be read
 */
export async function loadNetwork(path: string, inputs: InputOverrides = noOverrides): Promise<Network> {
  if (!modelExtensions.some(extension => path.toLowerCase().endsWith(extension))) {
    const spec = parseSpecFile(await readFile(path, 'utf8'), path);
    const { shape, batch } = inputs;
    return buildNetwork(spec, { name: path, source: path, format: 'spec', shape, batch });
  }
  const file = openFile(path);
  try {
    return await readModel(file, { name: path, source: path, inputs });
  } finally {
    file.close();
  }
}
