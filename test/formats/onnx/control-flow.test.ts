import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../../src/cost/count.js';
import { parseInputOverrides } from '../../../src/formats/index.js';
import { count, graph, localFunction, type ModelSpec, node, read } from '../onnx-builder.js';

/** A convolution in a subgraph; its weights lie outside. `size` output channels of 1x1 over 2x4x4: 32 each. */
const convGraph = (weight: string, outputs: readonly string[] = ['c']) =>
  graph({ nodes: [node('Conv', ['x', weight], ['c'])], outputs });

const weights = { small: [3, 2, 1, 1], large: [5, 2, 1, 1] };
const x = { x: [1, 2, 4, 4] };

const branches = (condition: ModelSpec) =>
  count({
    ...condition,
    inputs: { ...x, ...condition.inputs },
    weights: { ...weights, ...condition.weights },
    nodes: [
      ...condition.nodes,
      node('If', ['c0'], ['y'], {
        then_branch: { graph: convGraph('small') },
        else_branch: { graph: convGraph('large') },
      }),
      node('Relu', ['y'], ['z']),
    ],
    outputs: ['z'],
  });

describe('If', () => {
  it.each([
    [1, 3],
    [0, 5],
  ])('counts the branch that a constant %d fixes', async (condition, channels) => {
    const { totals, layers, network } = await branches({
      nodes: [],
      weights: { c0: { dims: [], ints: [condition] } },
    });
    expect(totals.macs).toBe(32 * channels);
    expect(layers.at(-1)?.layer.outputs[0]?.shape).toEqual([1, channels, 4, 4]);
    expect(network.notes).toEqual([]);
  });

  it('counts the branch that a shape fixes', async () => {
    const { totals } = await branches({
      nodes: [
        node('Shape', ['x'], ['s']),
        node('Gather', ['s', 'one'], ['d']),
        node('Equal', ['d', 'two'], ['c0']),
      ],
      weights: { one: { dims: [], ints: [1] }, two: { dims: [], ints: [2] } },
    });
    expect(totals.macs).toBe(96);
  });

  it.each([
    ['c0=1', 96],
    ['c0=0', 160],
  ])('counts the branch that the value given to an input fixes: %s', async (text, macs) => {
    const spec: ModelSpec = {
      inputs: { ...x, c0: [] },
      weights,
      nodes: [
        node('Equal', ['c0', 'c0'], ['same']),
        node('And', ['same', 'c0'], ['c']),
        node('If', ['c'], ['y'], {
          then_branch: { graph: convGraph('small') },
          else_branch: { graph: convGraph('large') },
        }),
      ],
    };
    const network = await read(spec, parseInputOverrides([text]));
    expect([countNetwork(network).totals.macs, network.notes]).toEqual([macs, []]);
  });

  it('counts the larger branch where the data decides, and says so', async () => {
    const { totals, network } = await branches({ nodes: [], inputs: { c0: [] } });
    expect(totals.macs).toBe(160);
    expect(network.notes).toEqual(['the data decides an If: the larger branch is counted (y: else)']);
    // What is stored counts, whichever branch runs.
    expect(totals.params).toBe(16);
  });
});

describe('If with a branch that does not fit the sizes', () => {
  /** Its weights lie in it. A `deep` one fails after its first convolution. */
  const branchOf = (weight: readonly number[], name: string) =>
    graph({
      weights: { [`${name}.weight`]: weight },
      nodes: [
        node('Relu', ['x'], ['r']),
        node('Conv', ['r', `${name}.weight`], ['c'], {}, { name }),
        node('Conv', ['c', name.startsWith('deep') ? 'small' : 'square'], ['c2'], {}, { name: `${name}2` }),
      ],
      outputs: ['c2'],
    });
  const fits = branchOf([3, 2, 1, 1], 'fits');
  const wide = branchOf([3, 2, 9, 9], 'wide');
  const deep = branchOf([3, 2, 1, 1], 'deep');
  const square = { square: [3, 3, 1, 1], small: weights.small };
  const choose = (yes: Uint8Array, no: Uint8Array, condition?: number) =>
    count({
      inputs: { ...x, ...(condition === undefined && { go: [] }) },
      weights: { ...square, ...(condition !== undefined && { go: { dims: [], ints: [condition] } }) },
      nodes: [
        node(
          'If',
          ['go'],
          ['y'],
          { then_branch: { graph: yes }, else_branch: { graph: no } },
          { name: 'choice' },
        ),
        node('Relu', ['y'], ['z']),
      ],
      outputs: ['z'],
    });
  const alone = choose(fits, wide, 1);

  it.each([
    ['else', fits, wide, 'If choice: the then branch is counted, the else branch does not fit'],
    ['then', wide, fits, 'If choice: the else branch is counted, the then branch does not fit'],
    ['then, late', deep, fits, 'If choice: the else branch is counted, the then branch does not fit'],
    ['else, late', fits, deep, 'If choice: the then branch is counted, the else branch does not fit'],
  ])('counts the other one as if this one (%s) were not in the file', async (_, yes, no, note) => {
    const { totals, layers, network } = await choose(yes, no);
    const expected = await alone;
    expect([totals.macs, totals.params]).toEqual([expected.totals.macs, expected.totals.params]);
    expect(layers.map(({ layer }) => layer)).toEqual(expected.layers.map(({ layer }) => layer));
    expect([...network.params.keys()]).toEqual([...expected.network.params.keys()]);
    expect(network.notes).toEqual([expect.stringContaining(note)]);
  });

  it('says which layer does not fit, and why', async () => {
    const { network } = await choose(fits, wide);
    expect(network.notes[0]).toMatch(/\(wide: The kernel spans 9 elements on axis 0, more than the 4 of/);
  });

  it('is refused with the error of the first where neither fits', async () => {
    await expect(choose(wide, deep)).rejects.toMatchObject({ code: 'empty-output', layer: 'wide' });
    await expect(choose(deep, wide)).rejects.toMatchObject({ layer: 'deep2' });
  });

  it('is refused where the inputs fix that branch', async () => {
    await expect(choose(wide, fits, 1)).rejects.toMatchObject({ code: 'empty-output', layer: 'wide' });
  });

  it('is refused where no size would fit', async () => {
    const broken = graph({ nodes: [node('Relu', ['ghost'], ['c'])], outputs: ['c'] });
    await expect(choose(fits, broken)).rejects.toMatchObject({ code: 'tensor-missing' });
    await expect(choose(broken, fits)).rejects.toMatchObject({ code: 'tensor-missing' });
  });

  it('gives up an If inside it too, with the functions that are open', async () => {
    const inner = (then: Uint8Array, otherwise: Uint8Array) =>
      graph({
        nodes: [
          node(
            'If',
            ['go'],
            ['i'],
            { then_branch: { graph: then }, else_branch: { graph: otherwise } },
            { name: 'inner' },
          ),
        ],
        outputs: ['i'],
      });
    const { totals, network } = await choose(inner(wide, deep), inner(deep, fits));
    expect(totals.macs).toBe((await alone).totals.macs);
    expect(network.notes).toEqual([
      expect.stringMatching(/^If inner: the else branch is counted.*deep2/),
      expect.stringMatching(/^If choice: the else branch is counted.*wide/),
    ]);
  });

  it('leaves a function that it was in, so that it can be called again', async () => {
    const block = localFunction('Block', ['in', 'w'], ['out'], [node('Conv', ['in', 'w'], ['out'])]);
    const call = (weight: string) =>
      graph({
        nodes: [node('Block', ['x', weight], ['c'], {}, { domain: 'local', name: `call ${weight}` })],
        outputs: ['c'],
      });
    const { totals } = await count({
      inputs: { ...x, go: [] },
      weights: { wide: [3, 2, 9, 9], small: weights.small },
      nodes: [
        node('If', ['go'], ['y'], {
          then_branch: { graph: call('wide') },
          else_branch: { graph: call('small') },
        }),
      ],
      functions: [block],
    });
    expect(totals.macs).toBe(96);
  });
});

const counter = { most: { dims: [], ints: [3] }, yes: { dims: [], ints: [1] }, w: [2, 2, 1, 1] } as const;

const looped = (stored: ModelSpec['weights'], body: Uint8Array) =>
  count({
    inputs: x,
    weights: { ...counter, ...stored },
    nodes: [
      node('Loop', ['most', 'yes', 'x'], ['state', 'all'], { body: { graph: body } }, { name: 'loop' }),
    ],
    outputs: ['state', 'all'],
  });

const convBody = (...more: readonly Uint8Array[]) =>
  graph({
    inputs: { i: [], go: [], s: [1, 2, 4, 4] },
    nodes: [node('Conv', ['s', 'w'], ['t']), node('Identity', ['go'], ['on']), ...more],
    outputs: ['on', 't', 't'],
  });

const endless = graph({
  inputs: { i: [], go: [], s: [1, 2, 4, 4] },
  nodes: [node('Conv', ['s', 'w'], ['t']), node('Identity', ['yes'], ['on'])],
  outputs: ['on', 't'],
});

describe('Loop', () => {
  it('counts every round, each under a name of its own, and stores its weight once', async () => {
    const { totals, layers, coverage } = await looped({}, convBody());
    expect(totals).toMatchObject({ macs: 3 * 64, params: 4 });
    expect(layers.map(({ layer }) => layer.name)).toEqual(['w', 'w#2', 'w#3']);
    expect(new Set(layers.map(({ layer }) => layer.outputs[0]?.name)).size).toBe(3);
    expect(coverage.kind).toBe('complete');
  });

  it('stops where the body says so', async () => {
    const body = graph({
      inputs: { i: [], go: [], s: [1, 2, 4, 4] },
      nodes: [node('Conv', ['s', 'w'], ['t']), node('Less', ['i', 'one'], ['on'])],
      weights: { one: { dims: [], ints: [1] } },
      outputs: ['on', 't', 't'],
    });
    expect((await looped({}, body)).totals.macs).toBe(2 * 64);
  });

  it('walks a while whose end follows from its states', async () => {
    const body = graph({
      inputs: { i: [], go: [], s: [1, 2, 4, 4], n: [] },
      nodes: [
        node('Conv', ['s', 'w'], ['t']),
        node('Add', ['n', 'yes'], ['m']),
        node('Less', ['m', 'most'], ['on']),
      ],
      outputs: ['on', 't', 'm'],
    });
    const { totals, coverage } = await count({
      inputs: x,
      weights: { ...counter, zero: { dims: [], ints: [0] } },
      nodes: [node('Loop', ['', 'yes', 'x', 'zero'], ['state', 'n'], { body: { graph: body } })],
    });
    expect([totals.macs, coverage.kind]).toEqual([3 * 64, 'complete']);
  });

  it('gives up on a while that never ends, and counts what follows it', async () => {
    const { totals, coverage } = await count({
      inputs: x,
      weights: { yes: counter.yes, w: counter.w },
      nodes: [
        node('Loop', ['', 'yes', 'x'], ['state'], { body: { graph: endless } }, { name: 'loop' }),
        ...Array.from({ length: 100 }, (_, at) => node('Conv', ['x', 'w'], [`y${at}`])),
      ],
    });
    expect(coverage.unknown).toMatchObject([{ op: 'Loop', count: 1 }]);
    expect(totals.macs).toBeGreaterThan(100 * 64);
  });

  it('forgets what a round that is not the last has made of a state', async () => {
    const body = graph({
      inputs: { i: [], go: [], s: [1, 2], n: [] },
      nodes: [
        node('Concat', ['s', 's'], ['t'], { axis: 1 }),
        node('Add', ['n', 'n'], ['m']),
        node('Identity', ['go'], ['on']),
      ],
      outputs: ['on', 't', 'm'],
    });
    const { layers, coverage } = await count({
      inputs: { s: [1, 2], most: [] },
      weights: { yes: counter.yes, two: { dims: [1], ints: [2] }, w: [4, 3] },
      nodes: [
        node('Loop', ['most', 'yes', 's', 'two'], ['grown', 'doubled'], { body: { graph: body } }),
        node('MatMul', ['grown', 'w'], ['y'], {}, { name: 'after' }),
      ],
    });
    expect(coverage.unknown).toEqual([
      { op: 'MatMul', count: 1, reason: "the shape depends on the output of Loop 'grown'" },
    ]);
    expect(layers.at(-1)?.layer.kind).toBe('unknown');
  });

  it('is a lower bound where the data says how often', async () => {
    const { totals, coverage } = await count({
      inputs: { ...x, most: [] },
      weights: { yes: counter.yes, w: counter.w },
      nodes: [node('Loop', ['most', 'yes', 'x'], ['state', 'all'], { body: { graph: convBody() } })],
    });
    expect(totals.macs).toBe(64);
    expect(coverage).toMatchObject({ kind: 'lower-bound', unknown: [{ op: 'Loop', count: 1 }] });
  });

  it('is a lower bound where it repeats too often to walk', async () => {
    const { coverage } = await looped({ most: { dims: [], ints: [10 ** 9] } }, convBody());
    expect(coverage.unknown).toMatchObject([
      { op: 'Loop', reason: expect.stringMatching('1000000000 times') },
    ]);
  });
});

describe('Scan', () => {
  it('counts every slice, and stacks what comes out', async () => {
    const body = graph({
      inputs: { s: [3], slice: [4] },
      nodes: [node('MatMul', ['slice', 'w'], ['p']), node('Add', ['s', 'p'], ['next'])],
      outputs: ['next', 'p'],
    });
    const { totals, layers } = await count({
      inputs: { start: [3], x: [7, 4] },
      weights: { w: [4, 3] },
      nodes: [
        node('Scan', ['start', 'x'], ['last', 'all'], { num_scan_inputs: 1, body: { graph: body } }),
        node('Relu', ['all'], ['y']),
      ],
    });
    expect(totals.macs).toBe(7 * 12);
    expect(layers.at(-1)?.layer.outputs[0]?.shape).toEqual([7, 3]);
  });
});

describe('local functions', () => {
  const block = localFunction(
    'Block',
    ['in', 'weight'],
    ['out'],
    [
      node('Conv', ['in', 'weight'], ['hidden'], { strides: { reference: 'by' } }, { name: 'conv' }),
      node('Relu', ['hidden'], ['out']),
    ],
  );
  const call = (input: string, weight: string, output: string, by: number, name: string) =>
    node('Block', [input, weight], [output], { by: [by, by] }, { domain: 'local', name });

  it('are walked at each call, with its attributes and under its name', async () => {
    const network = await read({
      inputs: x,
      weights: { a: [3, 2, 1, 1], b: [3, 3, 1, 1] },
      nodes: [call('x', 'a', 'm', 1, 'first'), call('m', 'b', 'y', 2, 'second')],
      functions: [block],
      outputs: ['y'],
    });
    const { totals, layers } = countNetwork(network);
    expect(totals.macs).toBe(16 * 6 + 4 * 9);
    expect(layers.map(({ layer }) => layer.name).filter(name => name.endsWith('conv'))).toEqual([
      'first/conv',
      'second/conv',
    ]);
  });

  it('may not call themselves', async () => {
    const endless = localFunction(
      'Endless',
      ['in'],
      ['out'],
      [node('Endless', ['in'], ['out'], {}, { domain: 'local' })],
    );
    const spec = {
      inputs: x,
      nodes: [node('Endless', ['x'], ['y'], {}, { domain: 'local', name: 'call' })],
      functions: [endless],
    };
    await expect(read(spec)).rejects.toMatchObject({ code: 'function-calls-itself' });
  });

  it('may not multiply without end', async () => {
    const doubling = Array.from({ length: 40 }, (_, level) =>
      localFunction(
        `F${level}`,
        ['in'],
        ['out'],
        [
          node(`F${level + 1}`, ['in'], ['m'], {}, { domain: 'local' }),
          node(`F${level + 1}`, ['m'], ['out'], {}, { domain: 'local' }),
        ],
      ),
    );
    const last = localFunction('F40', ['in'], ['out'], [node('Relu', ['in'], ['out'])]);
    const spec = {
      inputs: x,
      nodes: [node('F0', ['x'], ['y'], {}, { domain: 'local' })],
      functions: [...doubling, last],
    };
    await expect(read(spec)).rejects.toMatchObject({ code: 'too-many-nodes' });
  });
});
