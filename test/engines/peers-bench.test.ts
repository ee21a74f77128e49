import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemModel } from '../../src/engines/onnxruntime/problem-model.js';
import { writeModel } from '../../src/engines/onnxruntime/write-model.js';
import { makeActivation } from '../../src/model/activation.js';
import { aConv } from '../agreement/agreement.js';
import { convcost } from '../fake-host.js';
import { benchFolder, isInstalled } from './peer-packages.js';

/** A depthwise + pointwise pair with a relu6 between, whose weights have dims and no values. */
const net = (() => {
  const nothing = new Float32Array(0);
  const depthwise = aConv({
    sizes: [12, 12],
    channels: 8,
    groups: 8,
    outChannels: 8,
    padding: 1,
    bias: false,
  });
  const pointwise = aConv({ sizes: [12, 12], channels: 8, kernel: 1, outChannels: 16, bias: false });
  const problem = {
    kind: 'separable',
    depthwise: { ...depthwise, activation: makeActivation('relu6') },
    pointwise,
  } as const;
  return writeModel(problemModel(problem, [nothing, nothing]).model);
})();
const files = { 'net.onnx': net };
const line = (engines: string, more = '') =>
  `bench net.onnx --engine ${engines} --rounds 3 --min-sample 1 ${more}`.trim().split(' ');

beforeEach(() => {
  vi.spyOn(process, 'cwd').mockReturnValue(benchFolder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.skipIf(!isInstalled('onnxruntime-node'))(
  'bench of a model file, if npm --prefix bench ci has installed onnxruntime-node',
  () => {
    it('joins the times of nodes with our macs, for every convolution', async () => {
      const { stdout, code } = await convcost(line('wasm,onnxruntime', '--format json'), { files });
      const report = JSON.parse(stdout);
      expect(code).toBe(0);
      const macs = [12 * 12 * 8 * 9, 12 * 12 * 8 * 16];
      expect(report.results.map((each: { name: string; macs: number }) => [each.name, each.macs])).toEqual([
        ['wasm', macs[0]! + macs[1]!],
        ['onnxruntime', macs[0]! + macs[1]!],
      ]);
      expect(report.layers.length).toBe(1);
      expect(report.layers[0].results[1]).toMatchObject({ name: 'onnxruntime', macs: macs[0]! + macs[1]! });
      const counted = report.profiles[0].nodes.filter((node: { macs: number }) => node.macs > 0);
      expect(counted.map((node: { layer: string; macs: number }) => [node.layer, node.macs])).toEqual([
        ['Conv0', macs[0]],
        ['Conv2', macs[1]],
      ]);
      expect(counted.every((node: { times: number[] }) => node.times.length >= 3)).toBe(true);
      expect(report.profiles[0].missed).toEqual([]);
      expect(report.notes.join()).toContain('2 tensors that the file lacks');
    });

    it('alone: a table node by node, and which is slow for its multiplies', async () => {
      const { stdout, code } = await convcost(line('onnxruntime'), { files });
      expect(code).toBe(0);
      expect(stdout).toContain('node by node, onnxruntime');
      expect(stdout).toMatch(/slowest: .* of the time/);
    });

    it('the standard and the separable form, each in a session of its own', async () => {
      const args = `bench @8x8x4 dw3x3 pw 8 --rewrite standard --engine wasm,onnxruntime --rounds 2 --min-sample 1`;
      const report = JSON.parse((await convcost([...args.split(' '), '--format', 'json'])).stdout);
      const namesOf = (results: { name: string }[]) => results.map(({ name }) => name);
      expect(namesOf(report.results)).toEqual([
        'standard, wasm',
        'separable, wasm',
        'separable fused, wasm',
        'standard, onnxruntime',
        'separable, onnxruntime',
      ]);
      expect(namesOf(report.layers[0].results)).toEqual(namesOf(report.results));
      expect(report.layers[0].results.map(({ macs }: { macs: number }) => macs)).toEqual([
        18_432, 4_352, 4_352, 18_432, 4_352,
      ]);
    });

    it('leaves nothing behind in the folder for temporary files', async () => {
      const before = readdirSync(tmpdir()).filter(name => name.startsWith('convcost-profile-'));
      await convcost(line('onnxruntime'), { files });
      expect(readdirSync(tmpdir()).filter(name => name.startsWith('convcost-profile-'))).toEqual(before);
    });

    it('a model that ONNX Runtime does not take ends in one line', async () => {
      // An operator set that does not exist yet: field 8 of the model, version 20 made 120.
      const at = net.findIndex((byte, index) => byte === 0x10 && net[index + 1] === 20);
      const future = net.with(at + 1, 120);
      const { stderr, stdout, code } = await convcost(line('onnxruntime'), { files: { 'net.onnx': future } });
      expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
      expect(stderr).toMatch(/onnxruntime does not take this model: .*\. Leave onnxruntime out/);
      expect(stderr.trim()).not.toContain('\n');
    });
  },
);

it('without the package: one line that says what to install, and nothing on stdout', async () => {
  vi.spyOn(process, 'cwd').mockReturnValue('/');
  const { stderr, stdout, code } = await convcost(line('wasm,onnxruntime'), { files });
  // Unless somebody has it installed beside convcost.
  if (code === 0) return;
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr).toContain('npm install onnxruntime-node');
  expect(stderr.trim()).not.toContain('\n');
});
