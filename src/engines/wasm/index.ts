import type { Engine } from '../engine.js';
import { createReferenceEngine } from '../reference/index.js';
import type { Algorithm } from './algorithms.js';
import { wasmKernels } from './kernels.js';
import { Arena } from './memory.js';
import { Runtime, type ThreadPool } from './runtime.js';
import { chooseTuning } from './tuning.js';

export { type Algorithm, algorithms } from './algorithms.js';

/** How the wasm engine computes. */
export interface WasmEngineOptions {
  /** How 3x3 convolutions of stride 1 are computed; absent: `auto`, Winograd where it is faster and exact enough. */
  readonly algorithm?: Algorithm;
  /** Threads that share a layer; absent: 1. `auto`: one for each core, started once there was enough work for them. */
  readonly threads?: number | 'auto';
}

/** The wasm engine; its arrays come from one memory, of 4 GiB at most. */
export interface WasmEngine extends Engine {
  /** Bytes of WebAssembly memory that are in use: arrays, packed weights and scratch. */
  memoryBytes(): number;
}

/**
 * Kernels in WebAssembly SIMD, made at run time; the reference kernels run what has none. Without SIMD all
 * problems go to the reference kernels, and a note says so.
 *
 * @throws ConvcostError from `allocate` and kernels: `wasm-memory-full` beyond 4 GiB, `wasm-worker-failed`
 */
export async function createWasmEngine(options: WasmEngineOptions = {}): Promise<WasmEngine> {
  const { algorithm = 'auto', threads = 1 } = options;
  const tuning = chooseTuning();
  if (!tuning) return withoutSimd();
  const arena = new Arena();
  const pool = threads === 1 ? undefined : await threadPool(threads);
  const notes = threads !== 1 && !arena.shared ? ['No shared memory here: one thread.'] : [];
  const runtime = new Runtime({
    tuning,
    arena,
    pool: arena.shared ? pool : undefined,
    startAtOnce: threads !== 'auto',
  });
  return {
    name: 'wasm',
    foldsElementwise: true,
    notes,
    kernels: [...wasmKernels(runtime, algorithm), ...createReferenceEngine().kernels],
    allocate: length => arena.floats(arena.reserve(length * 4), length),
    memoryBytes: () => arena.usedBytes,
    close: () => runtime.close(),
  };
}

/** Worker threads are Node's own: this part is loaded only when more than one is asked for. */
async function threadPool(threads: number | 'auto'): Promise<((arena: Arena) => ThreadPool) | undefined> {
  const { availableThreads, createThreadPool } = await import('./threads.js');
  const size = threads === 'auto' ? availableThreads() : threads;
  return size > 1 ? arena => createThreadPool(arena, size) : undefined;
}

const withoutSimd = (): WasmEngine => ({
  ...createReferenceEngine(),
  name: 'wasm',
  notes: ['No WebAssembly SIMD here: the reference kernels run in its place, about a hundred times slower.'],
  memoryBytes: () => 0,
});
