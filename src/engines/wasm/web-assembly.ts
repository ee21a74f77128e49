/**
 * The part of the WebAssembly JavaScript interface that this engine uses, typed: it is the same in Node
 * and in browsers, and the language's own library does not declare it.
 */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

export interface WasmModule {
  readonly kind?: 'module';
}

export type WasmFunction = (...parameters: number[]) => void;
export type WasmExports = Readonly<Record<string, WasmFunction>>;

interface WebAssemblyInterface {
  validate(bytes: Uint8Array): boolean;
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: WasmExports };
}

/** Undefined where the runtime has none. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyInterface | undefined })
  .WebAssembly;

/** The functions of a module over a memory, as `ModuleBuilder` imports it. */
export function instantiate(module: WasmModule, memory: WasmMemory): WasmExports {
  return new webAssembly!.Instance(module, { env: { memory } }).exports;
}
