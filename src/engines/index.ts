import type { Engine } from './engine.js';

interface EngineEntry {
  readonly says: string;
  create(): Promise<Engine>;
}

/** Engines by name, each loaded when it is asked for. `--engine` and its help follow. */
export const engines = {
  reference: {
    says: 'the definition, in plain TypeScript',
    create: async () => (await import('./reference/index.js')).createReferenceEngine(),
  },
  wasm: {
    says: 'kernels in WebAssembly SIMD',
    create: async () => (await import('./wasm/index.js')).createWasmEngine(),
  },
} as const satisfies Record<string, EngineEntry>;

export type EngineName = keyof typeof engines;
