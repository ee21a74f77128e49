import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConvcostError } from '../../../src/errors.js';
import { randomModel } from '../../fuzz/graphs.js';
import { mutate, seededRandom, tryToCount } from '../../fuzz/onnx.js';
import { count, graph, node, readBytes } from '../onnx-builder.js';

const golden = (name: string): Uint8Array => readFileSync(new URL(`../../golden/${name}`, import.meta.url));

describe('large and deep graphs', () => {
  it('a chain of 40,000 nodes', async () => {
    const nodes = Array.from({ length: 40_000 }, (_, at) => node('Relu', [`t${at}`], [`t${at + 1}`]));
    const { layers, totals } = await count({ inputs: { t0: [1, 3, 8, 8] }, nodes, outputs: ['t40000'] });
    expect([layers.length, totals.peakActivationBytes]).toEqual([40_000, 768]);
  }, 60_000);

  it.each([
    ['fixed', { dims: [], ints: [1] }],
    ['decided by the data', undefined],
  ])(
    '5,000 nested Ifs whose condition is %s',
    async (_, condition) => {
      const leaf = graph({ nodes: [node('Conv', ['x', 'w'], ['r'])], outputs: ['r'] });
      const other = graph({ nodes: [node('Relu', ['x'], ['r'])], outputs: ['r'] });
      let inner = leaf;
      for (let level = 1; level < 5000; level++) {
        const nested = node('If', ['c'], ['r'], {
          then_branch: { graph: inner },
          else_branch: { graph: other },
        });
        inner = graph({ nodes: [nested], outputs: ['r'] });
      }
      const { totals } = await count({
        inputs: { x: [1, 2, 4, 4], ...(condition ? {} : { c: [] }) },
        weights: { w: [2, 2, 1, 1], ...(condition && { c: condition }) },
        nodes: [node('If', ['c'], ['y'], { then_branch: { graph: inner }, else_branch: { graph: other } })],
      });
      expect(totals.macs).toBe(64);
    },
    60_000,
  );

  it('5,000 nested Ifs, each with a branch that does not fit', async () => {
    const tooWide = graph({ nodes: [node('Conv', ['x', 'wide'], ['r'])], outputs: ['r'] });
    const nest = (inside: Uint8Array) => {
      let inner = inside;
      for (let level = 0; level < 5000; level++) {
        const branches = { then_branch: { graph: inner }, else_branch: { graph: tooWide } };
        inner = graph({ nodes: [node('If', ['c'], ['r'], branches)], outputs: ['r'] });
      }
      return count({
        inputs: { x: [1, 2, 4, 4], c: [] },
        weights: { w: [2, 2, 1, 1], wide: [2, 2, 9, 9] },
        nodes: [node('If', ['c'], ['y'], { then_branch: { graph: inner }, else_branch: { graph: tooWide } })],
      });
    };
    const fitting = await nest(graph({ nodes: [node('Conv', ['x', 'w'], ['r'])], outputs: ['r'] }));
    expect([fitting.totals.macs, fitting.network.notes.length]).toEqual([64, 4]);
    await expect(nest(tooWide)).rejects.toMatchObject({ code: 'empty-output' });
  }, 60_000);
});

describe('damaged files', () => {
  it('cut at any byte are refused, or say less; never anything else', async () => {
    const file = golden('zoo1d.onnx');
    const codes = new Map<string, number>();
    for (let length = 0; length < file.length; length++) {
      const code = await readBytes(file.subarray(0, length)).then(
        () => 'read',
        (error: unknown) => (error instanceof ConvcostError ? error.code : String(error)),
      );
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect([...codes.keys()].sort()).toEqual(['file-broken', 'file-incomplete', 'not-a-model']);
    expect(codes.get('file-broken')).toBeGreaterThan(file.length - 100);
  });

  it.each(['shufflenet_v2_x1_0.onnx', 'zoo2d_explicit.onnx', 'mobilenet_v2.dyn.onnx'])(
    '%s with bytes changed gives a count or a coded error',
    async name => {
      const file = golden(name);
      const random = seededRandom(6);
      for (let round = 0; round < 150; round++) {
        const result = await tryToCount(mutate(file, random));
        expect(result.problem, `seed 6, round ${round}`).toBeUndefined();
      }
    },
  );
});

describe('files that are sound and make no sense', () => {
  it('give a count or a coded error', async () => {
    const random = seededRandom(6);
    for (let round = 0; round < 1500; round++) {
      const { problem } = await tryToCount(randomModel(random));
      expect(problem, `seed 6, round ${round}`).toBeUndefined();
    }
  });
});
