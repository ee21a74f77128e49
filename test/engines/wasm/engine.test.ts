import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConvProblem } from '../../../src/engines/engine.js';
import { createWasmEngine, type WasmEngine } from '../../../src/engines/wasm/index.js';
import { Arena } from '../../../src/engines/wasm/memory.js';
import { webAssembly } from '../../../src/engines/wasm/web-assembly.js';
import { makeActivation } from '../../../src/model/activation.js';
import { aConv, maxRelativeError, values } from '../../agreement/agreement.js';

const prepare = (engine: WasmEngine, problem: ConvProblem, weights: readonly Float32Array[]) => {
  const kernel = engine.kernels.find(({ supports }) => supports(problem))!;
  const prepared = kernel.prepare(problem, weights);
  return { prepared, name: () => prepared.kernel ?? kernel.name };
};

describe('memory', () => {
  it('is refused clearly where it does not suffice', () => {
    const arena = new Arena(16);
    expect(() => arena.reserve(17 * 65_536)).toThrow(/needs \d+ bytes of memory, but can have 1048576/);
  });

  it('is refused before any work for a layer of more than 4 GiB', async () => {
    const engine = await createWasmEngine();
    expect(() => engine.allocate(2 ** 30 + 1)).toThrow(expect.objectContaining({ code: 'wasm-memory-full' }));
    await engine.close();
  });

  it('grows without letting go of the arrays that were handed out', async () => {
    const engine = await createWasmEngine();
    const first = engine.allocate(1000).fill(7);
    engine.allocate(10_000_000);
    expect(first.every(value => value === 7)).toBe(true);
    const problem = aConv({ kernel: 1, sizes: [10, 25], channels: 4, outChannels: 1 });
    expect(maxRelativeError(engine, engine.kernels[0]!, problem)).toBeLessThan(1e-6);
    await engine.close();
  });

  it('must hold the arrays that kernels work on', async () => {
    const engine = await createWasmEngine();
    const { prepared } = prepare(engine, aConv({ kernel: 1 }), [values(16, 1), values(4, 2)]);
    expect(() => prepared.run([new Float32Array(256)], engine.allocate(256))).toThrow(
      expect.objectContaining({ code: 'not-in-wasm-memory' }),
    );
    await engine.close();
  });
});

it.each([{ kernel: 1 }, { padding: 1 }, { padding: 1, groups: 4 }, { transposed: true }])(
  'a batch of 0 is no work: %j',
  async given => {
    const engine = await createWasmEngine();
    const problem = aConv({ ...given, batch: 0 });
    const weights = [values(4 * 4 * 9, 1), values(4, 2)];
    await prepare(engine, problem, weights).prepared.run([engine.allocate(0)], engine.allocate(0));
    await engine.close();
  },
);

describe('without SIMD', () => {
  afterEach(() => vi.restoreAllMocks());

  it('the reference kernels run, and a note says so', async () => {
    vi.spyOn(webAssembly!, 'validate').mockReturnValue(false);
    const engine = await createWasmEngine();
    expect(engine.notes).toEqual([expect.stringMatching(/^No WebAssembly SIMD/)]);
    expect(engine.kernels.map(({ name }) => name)).toContain('reference-conv');
    await engine.close();
  });

  it('fused multiply-add alone may be missing', async () => {
    const validate = webAssembly!.validate;
    // The relaxed instruction: prefix 0xfd, then 0x105 as LEB128.
    vi.spyOn(webAssembly!, 'validate').mockImplementation(
      bytes => !bytes.join().includes('253,133,2') && validate(bytes),
    );
    const engine = await createWasmEngine();
    expect(engine.notes).toEqual([]);
    for (const problem of [
      aConv({ kernel: 1, sizes: [9, 9], channels: 9, outChannels: 35 }),
      aConv({ padding: 1, sizes: [10, 11], channels: 6, outChannels: 6, groups: 6 }),
      aConv({ padding: 1, sizes: [10, 11], channels: 6, outChannels: 13 }),
    ]) {
      const kernel = engine.kernels.find(({ supports }) => supports(problem))!;
      expect(maxRelativeError(engine, kernel, problem)).toBeLessThan(1e-6);
    }
    await engine.close();
  });
});

describe('Winograd is chosen by itself', () => {
  const problem = aConv({
    padding: 1,
    sizes: [32, 32],
    channels: 32,
    outChannels: 32,
    activation: makeActivation('none'),
  });
  const { inChannels, outChannels } = problem.geometry;
  const inputs = 32 * 32 * inChannels;

  it('where it is faster and accurate', async () => {
    const engine = await createWasmEngine();
    const input = engine.allocate(inputs);
    input.set(values(inputs, 3));
    const { prepared, name } = prepare(engine, problem, [
      values(9 * inChannels * outChannels, 1),
      values(outChannels, 2),
    ]);
    prepared.run([input], engine.allocate(32 * 32 * outChannels));
    expect(name()).toBe('f32-winograd-4x4-3x3-wasmsimd');
    await engine.close();
  });

  it('but not for a layer of a few multiplies', async () => {
    const engine = await createWasmEngine();
    const { name } = prepare(engine, aConv({ padding: 1 }), [values(144, 1), values(4, 2)]);
    expect(name()).toMatch(/igemm/);
    await engine.close();
  });

  it('and not where the values make its error visible: then the direct kernel gives the result', async () => {
    const engine = await createWasmEngine();
    // Channels come in pairs of nearly equal values and opposite filters: outputs far smaller than their terms.
    const pair = (at: number, channel: number) => at - (channel % 2);
    const random = values(inputs, 3);
    const weights = values(9 * inChannels * outChannels, 1).map((_, at, all) => {
      const channel = Math.floor(at / 9) % inChannels;
      return channel % 2 === 0 ? all[at]! : -all[at - 9]!;
    });
    const input = engine.allocate(inputs);
    input.set(random.map((value, at) => 100 * random[pair(at, at % inChannels)]! + value / 16));
    const inner = aConv({ padding: 0, sizes: [32, 32], channels: inChannels, outChannels });
    const { prepared, name } = prepare(engine, inner, [weights, new Float32Array(outChannels)]);
    const output = engine.allocate(30 * 30 * outChannels);
    expect(name()).toMatch(/winograd/);
    prepared.run([input], output);
    expect(name()).toMatch(/igemm/);
    const direct = await createWasmEngine({ algorithm: 'direct' });
    const sameInput = direct.allocate(inputs);
    sameInput.set(input);
    const expected = direct.allocate(output.length);
    prepare(direct, inner, [weights, new Float32Array(outChannels)]).prepared.run([sameInput], expected);
    expect(output).toEqual(expected);
    await engine.close();
    await direct.close();
  });
});
