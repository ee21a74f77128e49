import { dirname } from 'node:path';
import { loadPeer } from '../peers/node-load.js';
import type { TensorFlow, WasmBackend } from './api.js';
import type { TfjsBackend } from './index.js';

const core = '@tensorflow/tfjs-core';

/** The library with a backend registered in it: the copy of the core that the backend itself uses. */
export function loadTensorFlow(backend: TfjsBackend): TensorFlow {
  const name = `@tensorflow/tfjs-backend-${backend}`;
  const { exports, require } = loadPeer(`tfjs-${backend}`, name, [core, name]);
  const tf = require(core) as TensorFlow;
  // No checks of every value, no advice to install something faster.
  tf.enableProdMode();
  if (backend === 'wasm') {
    // The modules of WebAssembly stand beside the script.
    (exports as WasmBackend).setWasmPaths(`${dirname(require.resolve(name))}/`);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  return tf;
}
