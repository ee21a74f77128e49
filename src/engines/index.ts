import type { Engine } from './engine.js';
import { createReferenceEngine } from './reference/index.js';
import type { Algorithm } from './wasm/algorithms.js';

/** What an engine may be asked for; each takes what it knows. */
export interface EngineOptions {
  readonly algorithm?: Algorithm;
  readonly threads?: number | 'auto';
}

interface EngineEntry {
  readonly says: string;
  create(options?: EngineOptions): Promise<Engine>;
}

/** convcost's own; what is large is loaded when it is asked for. */
export const ownEngines = {
  wasm: {
    says: 'kernels in WebAssembly SIMD',
    create: async (options = {}) => (await import('./wasm/index.js')).createWasmEngine(options),
  },
  reference: {
    says: 'the definition, in plain TypeScript',
    create: async () => createReferenceEngine(),
  },
} as const satisfies Readonly<Record<string, EngineEntry>>;

/** Optional packages, each loaded when it is asked for, where it is installed. */
export const peerEngines = {
  onnxruntime: {
    says: 'ONNX Runtime, native, where its package is installed',
    create: async () => (await import('./onnxruntime/index.js')).createOnnxRuntimeEngine(),
  },
  'tfjs-wasm': {
    says: 'TensorFlow.js in WebAssembly, likewise',
    create: async () => (await import('./tfjs/index.js')).createTfjsEngine('wasm'),
  },
  'tfjs-cpu': {
    says: 'TensorFlow.js in plain JavaScript, likewise',
    create: async () => (await import('./tfjs/index.js')).createTfjsEngine('cpu'),
  },
} as const satisfies Readonly<Record<string, EngineEntry>>;

export type EngineName = keyof typeof ownEngines | keyof typeof peerEngines;

/** Every engine by name. `--engine` and its help follow. */
export const engines: Readonly<Record<EngineName, EngineEntry>> = { ...ownEngines, ...peerEngines };

export const defaultEngine: EngineName = 'wasm';
