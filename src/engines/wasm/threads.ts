import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { ConvcostError } from '../../errors.js';
import type { Arena } from './memory.js';
import type { Launch, ThreadPool } from './runtime.js';
import type { WasmExports, WasmModule } from './web-assembly.js';
import { control, workerSource } from './worker-source.js';

/** Chunks that each thread gets of a job, about: enough to even out a thread that was held up. */
const chunksPerThread = 4;

/** How often the main thread looks before it lets the system wake it up. */
const spins = 20_000;

/**
 * Work of the main thread after which workers start unasked: about what starting them costs, so that this is
 * never more than twice as slow as the better choice.
 */
const worthStartingMs = 75;

/** How long workers may take to start, and to finish their chunks after the main thread has finished its own. */
const startMs = 10_000;
const leastPatienceMs = 2_000;

/** One for each core that this process may use. */
export const availableThreads = (): number => availableParallelism();

/**
 * The main thread and `size - 1` workers over one shared memory. A job is published in a control block;
 * whoever is awake takes chunks of its items from a common counter. A worker that sleeps or is gone takes none,
 * and nobody waits for it.
 */
export function createThreadPool(arena: Arena, size: number): ThreadPool {
  const address = arena.reserve(control.words * 4);
  const words = arena.ints(address, control.words);
  const workers: Worker[] = [];
  const ports: MessagePort[] = [];
  const loaded: { module: WasmModule; names: string[] }[] = [];
  let functions = 0;
  let aloneMs = 0;
  let failure: ConvcostError | undefined;

  const fail = (reason: string): ConvcostError => {
    failure ??= new ConvcostError('wasm-worker-failed', { reason });
    return failure;
  };

  const startWorker = (index: number): void => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(workerSource, {
      eval: true,
      workerData: { memory: arena.memory, address, index, port: port2 },
      transferList: [port2],
    });
    // A worker must not keep a process alive that has nothing else to do.
    worker.unref();
    worker.on('error', error => fail(error.message));
    port1.unref();
    for (const stages of loaded) port1.postMessage(stages);
    workers.push(worker);
    ports.push(port1);
  };

  /** Waits until a word of the control block satisfies `isDone`; false when it takes too long. */
  const waitFor = (word: number, isDone: (value: number) => boolean, patienceMs: number): boolean => {
    for (let spin = 0; spin < spins; spin++) if (isDone(Atomics.load(words, word))) return true;
    const end = performance.now() + patienceMs;
    for (;;) {
      const value = Atomics.load(words, word);
      if (isDone(value)) return true;
      const restMs = end - performance.now();
      if (restMs <= 0) return false;
      Atomics.wait(words, word, value, restMs);
    }
  };

  /** Runs one job on all threads that are awake. */
  const run = (
    index: number,
    stage: (...parameters: number[]) => void,
    items: number,
    pointers: number[],
  ): void => {
    if (failure) throw failure;
    const chunk = Math.ceil(items / (size * chunksPerThread));
    words[control.stage] = index;
    words[control.items] = items;
    words[control.chunk] = chunk;
    words[control.pointerCount] = pointers.length;
    words.set(pointers, control.pointers);
    Atomics.store(words, control.next, 0);
    Atomics.store(words, control.gate, control.open);
    Atomics.add(words, control.job, 1);
    Atomics.notify(words, control.job);

    const start = performance.now();
    for (;;) {
      const begin = Atomics.add(words, control.next, chunk);
      if (begin >= items) break;
      stage(begin, Math.min(begin + chunk, items), 0, ...pointers);
    }
    // Closed: who has not begun by now does not begin. Then wait for who has.
    Atomics.and(words, control.gate, ~control.open);
    const patienceMs = Math.max(leastPatienceMs, 10 * (performance.now() - start));
    if (!waitFor(control.gate, value => value === 0, patienceMs))
      throw fail('it took a part of a layer and never finished');
    if (Atomics.load(words, control.failed) !== 0) throw fail('its part of a layer ended in an error');
  };

  const startAll = (): void => {
    if (workers.length > 0) return;
    for (let index = 1; index < size; index++) startWorker(index);
  };

  return {
    size,
    start() {
      startAll();
      const areReady = waitFor(control.ready, value => value === size - 1, startMs);
      if (!areReady) throw fail(`it did not start within ${startMs / 1000} seconds`);
    },
    load(module: WasmModule, exports: WasmExports) {
      const names = Object.keys(exports);
      const first = functions;
      functions += names.length;
      loaded.push({ module, names });
      for (const port of ports) port.postMessage({ module, names });
      return (name): Launch => {
        const index = first + names.indexOf(name);
        const stage = exports[name]!;
        return (items, ...pointers) => {
          if (items < 2) return stage(0, items, 0, ...pointers);
          if (workers.length > 0) return run(index, stage, items, pointers);
          const start = performance.now();
          stage(0, items, 0, ...pointers);
          aloneMs += performance.now() - start;
          if (aloneMs > worthStartingMs) startAll();
        };
      };
    },
    async close() {
      await Promise.all(workers.map(worker => worker.terminate()));
      for (const port of ports) port.close();
    },
  };
}
