import { ModuleBuilder } from './assembler/module.js';
import { Arena } from './memory.js';
import type { Tuning } from './tuning.js';
import { instantiate, type WasmExports, type WasmModule, webAssembly } from './web-assembly.js';

/** The parameters that every stage has first: the items to work on, and who works (0: the main thread). */
export const stageParameters = ['begin', 'end', 'worker'] as const;

/** Runs a compiled stage over items `0 .. items - 1`. */
export type Launch = (items: number, ...pointers: number[]) => void;

/** Threads that share the items of a stage. See `threads.ts`. */
export interface ThreadPool {
  /** The main thread included. */
  readonly size: number;
  /** Starts the workers, unless they run, and waits for them; else they start once there was work for them. */
  start(): void;
  /** Makes a module's functions known to the workers; returns how to launch one of them on all threads. */
  load(module: WasmModule, exports: WasmExports): (name: string) => Launch;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly tuning: Tuning;
  readonly arena?: Arena;
  readonly pool?: ((arena: Arena) => ThreadPool) | undefined;
  /** Whether workers start with the first layer that is worth it, in place of when they have repaid it. */
  readonly startAtOnce?: boolean;
}

/** Below this many multiplies a layer is done before other threads have woken up. */
const macsWorthThreads = 1_000_000;

/** What all kernels of an engine share: memory, compiled code, threads. */
export class Runtime {
  readonly tuning: Tuning;
  readonly arena: Arena;
  readonly #pool: ThreadPool | undefined;
  readonly #startAtOnce: boolean;
  readonly #compiled = new Map<string, (name: string) => Launch>();

  constructor({ tuning, arena = new Arena(), pool, startAtOnce = false }: RuntimeOptions) {
    this.tuning = tuning;
    this.arena = arena;
    this.#pool = pool?.(arena);
    this.#startAtOnce = startAtOnce;
  }

  /** How many workers a stage must keep scratch memory apart for. */
  get threads(): number {
    return this.#pool?.size ?? 1;
  }

  /**
   * Compiles a module, once for each distinct `shape`: layers of the same shape share their code. The shape
   * must hold everything that `write` bakes into the code.
   *
   * @param macs the work of one run, which decides whether threads are worth it
   */
  compile(shape: object, macs: number, write: (module: ModuleBuilder) => void): (stage: string) => Launch {
    const parallel = this.#pool !== undefined && macs >= macsWorthThreads;
    const key = JSON.stringify([parallel, shape]);
    const known = this.#compiled.get(key);
    if (known) return known;
    const compiled = this.#compile(parallel, write);
    this.#compiled.set(key, compiled);
    return compiled;
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  #compile(parallel: boolean, write: (module: ModuleBuilder) => void): (stage: string) => Launch {
    const { arena, tuning } = this;
    const builder = new ModuleBuilder({ arithmetic: tuning.arithmetic, memory: arena });
    write(builder);
    const module = new webAssembly!.Module(builder.toBytes());
    const exports = instantiate(module, arena.memory);
    if (parallel) {
      if (this.#startAtOnce) this.#pool!.start();
      return this.#pool!.load(module, exports);
    }
    return name => {
      const stage = exports[name]!;
      return (items, ...pointers) => stage(0, items, 0, ...pointers);
    };
  }
}
