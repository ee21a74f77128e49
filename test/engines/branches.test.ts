import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { peakActivations } from '../../src/cost/memory.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import { runNetwork } from '../../src/engines/run-network.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseSpecFile } from '../../src/spec/file.js';

const network = (spec: string) =>
  buildNetwork(parseSpecFile(spec, 'spec.yaml'), { name: 'spec', source: 'spec.yaml', format: 'spec' });
const resultsOf = async (spec: string) =>
  Array.from(await runNetwork(network(spec), createReferenceEngine()), ([name, { shape, values }]) => ({
    name,
    shape,
    values: Array.from(values),
  }));

describe('a residual block', () => {
  const block = `
    input: 8x8x4
    layers:
      - conv3x3 8 name=stem
      - conv3x3 8 name=first
      - relu
      - conv3x3 8 name=second
      - {op: add, name: sum, from: [stem, second]}
      - relu name=out
  `;

  it('is counted', () => {
    const { totals } = countNetwork(network(block));
    expect(totals.macs).toBe(64 * 9 * (4 * 8 + 8 * 8 + 8 * 8));
    expect(totals.params).toBe(9 * (4 * 8 + 8 * 8 + 8 * 8));
  });

  it('keeps the shortcut alive until it is added: the peak by hand', () => {
    // While `second` runs, three maps of 8 x 8 x 8 floats live: stem (still to be added), relu, second.
    // Before: input 256 + stem 512 values, then stem + first. After: the sum is written over one of them.
    expect(peakActivations(network(block))).toEqual({
      bytes: 3 * 512 * 4,
      layer: 'second',
      alive: ['stem', 'relu1', 'second'].map(name => expect.objectContaining({ name })),
    });
  });

  it('is run: x + 2x - 3', async () => {
    const spec = `
      data: {layout: NHWC, shape: [1, 1, 3, 1], values: [1, 2, 3]}
      layers:
        - {op: pw, name: double, out: 1, weights: {values: [2]}, biasValues: [-3]}
        - {op: add, name: sum, from: [input, double]}
        - {op: relu, name: out}
    `;
    expect(await resultsOf(spec)).toEqual([{ name: 'out', shape: [1, 1, 3, 1], values: [0, 3, 6] }]);
  });
});

describe('branches', () => {
  it('that are joined side by side: counted, peak by hand', () => {
    const spec = `
      input: 8x8x4
      layers:
        - {op: pw, name: narrow, out: 4, from: input}
        - {op: conv, name: wide, kernel: 3, out: 4, from: input}
        - {op: concat, name: both, from: [narrow, wide]}
    `;
    expect(countNetwork(network(spec)).totals.macs).toBe(64 * (4 * 4 + 9 * 4 * 4));
    // The concat copies: both branches, 256 values each, and the 512 of its output live together.
    expect(peakActivations(network(spec))).toEqual({
      bytes: 1024 * 4,
      layer: 'both',
      alive: ['narrow', 'wide', 'both'].map(name => expect.objectContaining({ name })),
    });
  });

  it('keep their channels apart and in order', async () => {
    const spec = `
      data: {layout: NHWC, shape: [1, 1, 2, 1], values: [1, 2]}
      layers:
        - {op: pw, name: ten, out: 1, weights: {values: [10]}, from: input}
        - {op: pw, name: pair, out: 2, weights: {values: [100, 1000]}, from: input}
        - {op: concat, from: [pair, ten, input]}
        - {op: slice, start: 1, end: 3}
    `;
    expect(await resultsOf(spec)).toEqual([
      { name: 'slice1', shape: [1, 1, 2, 2], values: [1000, 10, 2000, 20] },
    ]);
  });

  it('may end apart: every tensor that nothing reads is a result', async () => {
    const spec = `
      data: {layout: NHWC, shape: [1, 1, 1, 2], values: [3, 4]}
      layers:
        - {op: slice, name: left, start: 0, end: 1, from: input}
        - {op: slice, name: right, start: 1, end: 2, from: input}
    `;
    expect((await resultsOf(spec)).map(({ name, values }) => [name, values])).toEqual([
      ['left', [3]],
      ['right', [4]],
    ]);
  });

  it('may read inputs of their own, and weigh channels by a squeezed map', async () => {
    const spec = `
      data: {layout: NHWC, shape: [2, 1, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8]}
      inputs:
        gate: {layout: NHWC, shape: [2, 1, 1, 2], values: [1, 10, 100, 1000]}
      layers:
        - {op: mul, from: [input, gate]}
    `;
    expect((await resultsOf(spec))[0]!.values).toEqual([1, 20, 3, 40, 500, 6000, 700, 8000]);
  });

  it('that multiply each other: a matmul of two of them, counted and run', async () => {
    const spec = `
      data: {layout: NWC, shape: [1, 2, 3], values: [1, 2, 3, 4, 5, 6]}
      inputs:
        right: {layout: NWC, shape: [1, 3, 2], values: [1, 0, 0, 1, 1, 1]}
      layers:
        - {op: matmul, from: [input, right]}
    `;
    expect(countNetwork(network(spec)).totals).toMatchObject({ macs: 2 * 3 * 2, params: 0 });
    expect(await resultsOf(spec)).toEqual([{ name: 'matmul1', shape: [1, 2, 2], values: [4, 5, 10, 11] }]);
  });
});

describe("results come out in the network's own axis order", () => {
  it('channels first where its source is', async () => {
    const spec = parseSpecFile(
      'data: {layout: NCHW, shape: [1, 2, 1, 2], values: [1, 2, 3, 4]}\nlayers: [relu]',
      'x',
    );
    const built = buildNetwork(
      { ...spec, order: 'channels-first' },
      { name: 'x', source: 'x', format: 'spec' },
    );
    const results = await runNetwork(built, createReferenceEngine());
    expect(results.get('relu1')).toEqual({
      shape: [1, 2, 1, 2],
      layout: 'NCHW',
      values: Float32Array.of(1, 2, 3, 4),
    });
  });
});
