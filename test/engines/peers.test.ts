import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compareArrays } from '../../src/engines/agreement.js';
import type { Engine } from '../../src/engines/engine.js';
import { executeSteps } from '../../src/engines/execute.js';
import { peerEngines } from '../../src/engines/index.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import type { Network } from '../../src/model/network.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseTokens } from '../../src/spec/tokens.js';
import { benchFolder, isInstalled } from './peer-packages.js';

const peers = [
  ['onnxruntime', 'onnxruntime-node'],
  ['tfjs-wasm', '@tensorflow/tfjs-backend-wasm'],
  ['tfjs-cpu', '@tensorflow/tfjs-backend-cpu'],
] as const;

const layers = (line: string): Network =>
  buildNetwork(parseTokens(line), { name: line, source: line, format: 'tokens' });

/** Each with the kernel that its engines must use for it, where it is not every engine's own. */
const cases: readonly { line: string; fuse?: boolean; not?: readonly string[] }[] = [
  { line: '@9x11x3 conv3x3 8 s2 bias relu6' },
  { line: '@9x11x3 conv5x3 8 pvalid relu' },
  { line: '@8x8x3 conv3x3 4 p1,0,2,1' },
  { line: '@8x8x3 conv3x3 4 d2 psame-lower' },
  { line: '@8x8x4 dw3x3 s2 relu6' },
  { line: '@7x7x4 dw3x3 m3 bias' },
  { line: '@7x7x6 pw 10 bias relu' },
  { line: '@7x7x1 conv3x3 5' },
  { line: '@12x4 conv3 6 s2' },
  { line: '@8x8x4 dw3x3 relu pw 6', fuse: true },
  { line: '@2x2x6 flatten fc 10 relu' },
  { line: '@7x7x6 conv3x3 9 g3', not: ['tfjs-wasm', 'tfjs-cpu'] },
  { line: '@5x5x4 tconv4x4 3 s2 bias relu6' },
  { line: '@5x6x4 tconv3x3 3 s2 p1 leakyRelu' },
  { line: '@5x6x4 tconv3x3 4 s2 g2', not: ['tfjs-wasm', 'tfjs-cpu'] },
  { line: '@4x5x6x2 conv3x3x3 3', not: ['tfjs-wasm', 'tfjs-cpu'] },
  { line: '@7x7x2 conv3x3 3 hardswish', not: ['tfjs-wasm', 'tfjs-cpu'] },
  { line: '@7x7x2 conv3x3 3 gelu', not: ['tfjs-wasm', 'tfjs-cpu'] },
  { line: '@7x7x2 conv3x3 3 mish', not: ['tfjs-wasm', 'tfjs-cpu'] },
];

/** Every step on the engine, twice, against the reference; returns the kernels that ran. */
async function agree(engine: Engine, network: Network, fuse: boolean): Promise<readonly string[]> {
  const options = { fuse, data: network.data, readArray: () => Promise.reject(new Error('no files')) };
  const expected = new Map<string, Float32Array>();
  for await (const step of executeSteps(network, createReferenceEngine(), { ...options, fuse: false })) {
    await step.run();
    expected.set(step.step.output.name, step.output);
  }
  const kernels: string[] = [];
  for await (const step of executeSteps(network, engine, options)) {
    await step.run();
    await step.again();
    await step.run();
    kernels.push(step.kernel);
    const { maxRelError } = compareArrays(step.output, expected.get(step.step.output.name)!);
    expect(maxRelError).toBeLessThan(1e-4);
  }
  return kernels;
}

beforeEach(() => {
  vi.spyOn(process, 'cwd').mockReturnValue(benchFolder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

for (const [name, pack] of peers) {
  describe.skipIf(!isInstalled(pack))(`${name}, if npm --prefix bench ci has installed ${pack}`, () => {
    let engine: Engine | undefined;
    afterAll(() => engine?.close());

    it.each(cases)('$line', async ({ line, fuse = false, not = [] }) => {
      engine ??= await peerEngines[name].create();
      const kernels = await agree(engine, layers(line), fuse);
      const own = kernels.filter(kernel => kernel.startsWith(name.replace(/-.*/, '')));
      expect(own.length > 0).toBe(!not.includes(name));
    });
  });
}

describe.skipIf(!peers.every(([, pack]) => isInstalled(pack)))('all of them in one process', () => {
  it('do not take over from each other', async () => {
    const all = await Promise.all(peers.map(([name]) => peerEngines[name].create()));
    const network = layers('@8x8x3 conv3x3 4 bias relu dw3x3 pw 5');
    for (const engine of [...all, ...all.toReversed()]) await agree(engine, network, false);
    for (const engine of all) await engine.close();
  });
});

describe('a peer that is not installed', () => {
  it.each([
    ['onnxruntime', 'npm install onnxruntime-node'],
    ['tfjs-wasm', 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm'],
  ] as const)('%s: one line that says what to install', async (name, says) => {
    vi.spyOn(process, 'cwd').mockReturnValue('/');
    const error = await peerEngines[name].create().then(
      () => undefined,
      (reason: Error) => reason,
    );
    // Unless somebody has it installed beside convcost.
    if (error === undefined) return;
    expect(error).toMatchObject({ code: 'peer-missing' });
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('\n');
  });
});
