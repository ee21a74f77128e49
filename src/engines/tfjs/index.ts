import type { Engine } from '../engine.js';
import { createReferenceEngine } from '../reference/index.js';
import { Device } from './device.js';
import { tfjsKernels } from './kernels.js';

/** The backends that are engines here: XNNPACK compiled to WebAssembly, and plain JavaScript. */
export type TfjsBackend = 'wasm' | 'cpu';

/**
 * TensorFlow.js, an optional peer, on one thread. What the clock sees is one call of its fused operator, on a
 * tensor that is in the backend's memory already, and letting go of the result.
 *
 * @throws ConvcostError `peer-missing`
 */
export async function createTfjsEngine(backend: TfjsBackend): Promise<Engine> {
  const { loadTensorFlow } = await import('./node-load.js');
  const tf = loadTensorFlow(backend);
  await tf.setBackend(backend);
  const device = new Device(tf, backend);
  return {
    name: `tfjs-${backend}`,
    notes: [`tfjs-${backend}: version ${tf.version_core}, one thread, called operator by operator`],
    foldsElementwise: true,
    kernels: [...tfjsKernels(device), ...createReferenceEngine().kernels],
    allocate: length => new Float32Array(length),
    close: async () => device.clear(),
  };
}
