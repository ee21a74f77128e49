import { describe, expect, it } from 'vitest';
import { ModuleBuilder } from '../../../src/engines/wasm/assembler/module.js';
import { i32 } from '../../../src/engines/wasm/assembler/values.js';
import { createWasmEngine } from '../../../src/engines/wasm/index.js';
import { Arena } from '../../../src/engines/wasm/memory.js';
import { stageParameters } from '../../../src/engines/wasm/runtime.js';
import { createThreadPool } from '../../../src/engines/wasm/threads.js';
import { instantiate, webAssembly } from '../../../src/engines/wasm/web-assembly.js';
import { aConv, maxRelativeError, tolerance } from '../../agreement/agreement.js';

describe('threads', () => {
  it.each([
    aConv({ kernel: 1, sizes: [40, 40], channels: 64, outChannels: 70 }),
    aConv({ padding: 1, sizes: [41, 60], channels: 96, outChannels: 96, groups: 96 }),
    aConv({ padding: 1, sizes: [14, 14], channels: 512, outChannels: 512, groups: 512, batch: 2 }),
    aConv({ padding: 1, sizes: [30, 30], channels: 32, outChannels: 40 }),
    aConv({ kernel: 5, stride: 2, padding: 2, sizes: [30, 30], channels: 16, outChannels: 40 }),
    aConv({ transposed: true, stride: 2, sizes: [20, 20], channels: 32, outChannels: 24 }),
  ])('give the same values: %#', async problem => {
    const engine = await createWasmEngine({ threads: 3 });
    const kernel = engine.kernels.find(({ supports }) => supports(problem))!;
    // Winograd's own error, where it is chosen, is the subject of other tests.
    const limit = kernel.name.includes('winograd') ? 3e-5 : tolerance(problem);
    for (let turn = 0; turn < 5; turn++) {
      expect(maxRelativeError(engine, kernel, problem)).toBeLessThanOrEqual(limit);
    }
    await engine.close();
  });

  it('start by themselves once there was work for them', async () => {
    const engine = await createWasmEngine({ threads: 'auto' });
    const problem = aConv({ kernel: 1, sizes: [40, 40], channels: 64, outChannels: 70 });
    expect(maxRelativeError(engine, engine.kernels[0]!, problem)).toBeLessThanOrEqual(tolerance(problem));
    await engine.close();
  });
});

/** A pool with one stage that writes 1 to the word of each item, and one that traps for every worker. */
function aPool() {
  const arena = new Arena();
  const pool = createThreadPool(arena, 2);
  const module = new ModuleBuilder({ arithmetic: 'mul-add', memory: arena });
  module.define('mark', [...stageParameters, 'target'], (f, { begin, end, target }) => {
    const item = f.int();
    f.range(item, begin, end, () => f.zeroBytes(i32.add(target, i32.multiply(item, 4)), 4));
  });
  module.define('trap', [...stageParameters, 'target'], (f, { begin, end, worker }) => {
    const item = f.int();
    f.range(item, begin, end, () => {
      // The main thread is slow, so that the worker takes part; a worker reads outside of the memory.
      const turn = f.int();
      f.range(turn, 0, 3_000_000, () => {});
      f.when(worker, () => f.zeroBytes(i32.subtract(0, 8), 4));
    });
  });
  const compiled = new webAssembly!.Module(module.toBytes());
  pool.start();
  const stage = pool.load(compiled, instantiate(compiled, arena.memory));
  return { arena, pool, stage };
}

describe('a pool', () => {
  it('covers every item of many jobs once', async () => {
    const { arena, pool, stage } = aPool();
    const mark = stage('mark');
    const target = arena.reserve(4 * 1000);
    for (const items of [1, 2, 3, 7, 8, 9, 100, 999]) {
      for (let turn = 0; turn < 20; turn++) {
        const marks = arena.ints(target, 1000).fill(1);
        mark(items, target);
        expect(marks.findIndex(value => value !== 0)).toBe(items);
      }
    }
    await pool.close();
  });

  it('reports a worker that fails in a job, and every job after it', async () => {
    const { pool, stage } = aPool();
    const failed = expect.objectContaining({ code: 'wasm-worker-failed' });
    expect(() => stage('trap')(64, 0)).toThrow(failed);
    expect(() => stage('mark')(64, 64)).toThrow(failed);
    await pool.close();
  });

  it('goes on alone when its workers are gone', async () => {
    const { arena, pool, stage } = aPool();
    await pool.close();
    const target = arena.reserve(4 * 100);
    arena.ints(target, 100).fill(1);
    stage('mark')(100, target);
    expect(arena.ints(target, 100).every(value => value === 0)).toBe(true);
  });
});
