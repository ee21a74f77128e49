import type { Engine } from '../engine.js';
import { createReferenceEngine } from '../reference/index.js';
import type { OnnxRuntime, Session } from './api.js';
import { sessionKernel } from './session-kernel.js';

/**
 * ONNX Runtime, native: an optional peer. Each layer is a session of its own, which loads its model before
 * the clock starts. What the clock sees is `session.run()` on a tensor that is in the peer's own order already.
 *
 * @throws ConvcostError `peer-missing`
 */
export async function createOnnxRuntimeEngine(): Promise<Engine> {
  const ort = await loadOnnxRuntime();
  const opened: Promise<Session>[] = [];
  return {
    name: 'onnxruntime',
    notes: [
      `onnxruntime: version ${ort.env.versions?.node ?? 'unknown'}, one thread, each layer a session of its own; turning channels first and back is not in the times`,
    ],
    foldsElementwise: true,
    kernels: [sessionKernel(ort, opened), ...createReferenceEngine().kernels],
    allocate: length => new Float32Array(length),
    async close() {
      for (const session of await Promise.allSettled(opened.splice(0)))
        if (session.status === 'fulfilled') await session.value.release();
    },
  };
}

/** The native package. (The one for browsers would take its place in the process: it is never loaded.) */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  const { loadPeer } = await import('../peers/node-load.js');
  return loadPeer('onnxruntime', 'onnxruntime-node').exports as OnnxRuntime;
}
