import { describe, expect, it } from 'vitest';
import type { MatmulProduct } from '../../../src/model/layer.js';
import { type AttributeSpec, count, type ModelSpec, node, read, type TensorSpec } from '../onnx-builder.js';

const ms = { domain: 'com.microsoft' };

describe('verdicts', () => {
  it('never takes an operator that it does not know for nothing', async () => {
    const { coverage, layers, totals } = await count({
      inputs: { x: [1, 2, 4, 4] },
      weights: { w: [3, 2, 1, 1], table: [7, 7] },
      nodes: [
        node('Conv', ['x', 'w'], ['a']),
        node('Warp', ['a', 'table'], ['b'], {}, { domain: 'vendor', name: 'warp' }),
        node('Conv', ['b', 'w2'], ['y'], {}, { name: 'after' }),
        node('Relu', ['y'], ['z']),
      ].toSpliced(2, 0, node('Constant', [], ['w2'], { value: { tensor: { dims: [5, 3, 1, 1] } } })),
    });
    expect(coverage).toMatchObject({ kind: 'lower-bound', counted: 1, free: 1 });
    expect(coverage.unknown).toEqual([
      { op: 'vendor.Warp', count: 1, reason: 'the operator is not known' },
      { op: 'Conv', count: 1, reason: "the shape depends on the output of vendor.Warp 'warp'" },
    ]);
    expect(totals.params).toBe(6 + 49 + 15);
    expect(layers.map(({ layer }) => layer.name)).toEqual(['w', 'warp', 'after', 'z']);
  });

  it('names the node where what is not known begins, however far behind it a layer lies', async () => {
    const { coverage } = await count({
      inputs: { x: [1, 2, 4, 4] },
      weights: { w: [2, 2], v: [2, 2, 1, 1], to: { dims: [4], ints: [1, 2, 1, -1] } },
      nodes: [
        node('NonZero', ['x'], ['places'], {}, { name: 'origin' }),
        node('Transpose', ['places'], ['turned']),
        node('Shape', ['turned'], ['size']),
        node('MatMul', ['turned', 'w'], ['a']),
        node('Relu', ['a'], ['b']),
        node('MatMul', ['b', 'w'], ['c']),
        node('ConstantOfShape', ['size'], ['zeros']),
        node('Reshape', ['zeros', 'to'], ['map']),
        node('Conv', ['map', 'v'], ['y']),
      ],
    });
    const reason = "the shape depends on the output of NonZero 'origin'";
    expect(coverage.unknown).toEqual([
      { op: 'MatMul', count: 2, reason },
      { op: 'Conv', count: 1, reason },
    ]);
  });

  it('says so where the sizes that it needs lie in another file', async () => {
    const { coverage } = await count({
      inputs: { x: [1, 4, 4], ids: [1, 4] },
      weights: {
        w: { dims: [2, 2], external: 'net.data' },
        bias: { dims: [2], external: 'net.data' },
        zero: { dims: [1], ints: [0] },
        rest: { dims: [2], type: 7, external: 'shape.bin' },
      },
      nodes: [
        node('Shape', ['x'], ['size']),
        node('Gather', ['size', 'zero'], ['batch']),
        node('Concat', ['batch', 'rest'], ['to'], { axis: 0 }),
        node('Reshape', ['x', 'to'], ['split']),
        node('MatMul', ['split', 'w'], ['a']),
        node('Add', ['a', 'bias'], ['b']),
        node('MatMul', ['b', 'w'], ['y']),
        node('NonZero', ['ids'], ['places'], {}, { name: 'origin' }),
        node('Add', ['bias', 'places'], ['sum']),
        node('MatMul', ['sum', 'w'], ['z']),
      ],
    });
    expect(coverage.unknown).toEqual([
      {
        op: 'MatMul',
        count: 2,
        reason:
          "the shape depends on the values of 'rest', which lie in the external file 'shape.bin', which is not opened: " +
          'save the model with small tensors inside (size_threshold=1024, the default of onnx.save_model)',
      },
      { op: 'MatMul', count: 1, reason: "the shape depends on the output of NonZero 'origin'" },
    ]);
  });

  it('goes on after one where the file declares its shape', async () => {
    const { totals, coverage } = await count({
      inputs: { x: [1, 2, 4, 4] },
      weights: { w: [3, 2, 1, 1] },
      nodes: [node('Warp', ['x'], ['a'], {}, { domain: 'vendor' }), node('Conv', ['a', 'w'], ['y'])],
      declared: { a: [1, 2, 8, 8] },
    });
    expect([totals.macs, coverage.unknown.length]).toEqual([64 * 6, 1]);
  });

  it('takes what is free for free, also where its size depends on the data', async () => {
    const { coverage, layers } = await count({
      inputs: { x: [4, 4] },
      nodes: [node('NonZero', ['x'], ['places']), node('Transpose', ['places'], ['y'])],
    });
    expect(coverage).toEqual({ kind: 'complete', counted: 0, free: 2, unknown: [] });
    expect(layers[0]?.layer.outputs).toEqual([]);
  });

  it('makes no layer of weights that are prepared once, and none of arithmetic on shapes', async () => {
    const { layers } = await read({
      inputs: { x: [1, 3, 4, 4] },
      weights: { w: [3, 5], axis: { dims: [1], ints: [-1] } },
      nodes: [
        node('Transpose', ['w'], ['wt']),
        node('Transpose', ['wt'], ['wtt']),
        node('Shape', ['x'], ['s']),
        node('Slice', ['s', 'from', 'to'], ['n']),
        node('Concat', ['n', 'axis'], ['target'], { axis: 0 }),
        node('Reshape', ['x', 'target'], ['flat']),
        node('Constant', [], ['unused'], { value_float: { float: 1 } }),
      ].toSpliced(
        0,
        0,
        node('Constant', [], ['from'], { value_ints: [0] }),
        node('Constant', [], ['to'], { value_ints: [1] }),
      ),
    });
    expect(layers.map(({ op }) => op)).toEqual(['Reshape']);
  });
});

describe('constants that are multiplied', () => {
  it('cost what they cost, as in the small network over a table of Swin v2', async () => {
    const { layers, totals } = await count({
      inputs: { x: [1, 5, 4] },
      weights: { table: [1, 5, 2], w1: [2, 8], w2: [8, 4] },
      nodes: [
        node('MatMul', ['table', 'w1'], ['hidden']),
        node('Relu', ['hidden'], ['active']),
        node('MatMul', ['active', 'w2'], ['bias']),
        node('Add', ['x', 'bias'], ['y']),
      ],
    });
    expect(
      layers.map(({ layer, macs }) => [layer.op, layer.inputs.map(({ shape }) => shape), macs, layer.params]),
    ).toEqual([
      ['MatMul', [[1, 5, 2]], 80, ['w1']],
      ['MatMul', [[1, 5, 8]], 160, ['w2']],
      ['Add', [[1, 5, 4]], 0, expect.anything()],
    ]);
    expect(totals.params).toBe(10 + 16 + 32);
  });
});

describe('products', () => {
  const products = async (spec: ModelSpec): Promise<readonly MatmulProduct[]> => {
    const { layers } = await read(spec);
    return layers.flatMap(layer => (layer.kind === 'matmul' ? layer.products : []));
  };
  const one = (
    op: string,
    inputs: Readonly<Record<string, readonly number[]>>,
    weights: Readonly<Record<string, readonly number[] | TensorSpec>>,
    attributes: Readonly<Record<string, AttributeSpec>> = {},
    domain = '',
    order = [...Object.keys(inputs), ...Object.keys(weights)],
  ) => products({ opset: 23, inputs, weights, nodes: [node(op, order, ['y'], attributes, { domain })] });

  it('joins the rows of the left where the right is one matrix', async () => {
    expect(await one('MatMul', { a: [2, 7, 4] }, { b: [4, 5] })).toEqual([{ batch: 1, m: 14, k: 4, n: 5 }]);
    expect(await one('MatMul', { a: [2, 3, 7, 4], b: [3, 4, 5] }, {})).toEqual([
      { batch: 6, m: 7, k: 4, n: 5 },
    ]);
  });

  it('reads an Einsum operand by operand', async () => {
    const attention = { q: [2, 3, 4, 8, 16], k: [2, 3, 4, 9, 16] };
    expect(await one('Einsum', attention, {}, { equation: 'B G H I D, B G H J D -> B G H I J' })).toEqual([
      { batch: 24, m: 8, k: 16, n: 9 },
    ]);
    expect(
      await one('Einsum', { a: [2, 3], b: [3, 4], c: [4, 5] }, {}, { equation: 'ij,jk,kl->il' }),
    ).toEqual([
      { batch: 1, m: 2, k: 3, n: 4 },
      { batch: 1, m: 2, k: 4, n: 5 },
    ]);
  });

  it('counts recurrent layers: input and hidden state, each step and direction', async () => {
    const rows = (gates: number) => ({ w: [2, gates * 5, 3], r: [2, gates * 5, 5] });
    for (const [op, gates] of [
      ['RNN', 1],
      ['GRU', 3],
      ['LSTM', 4],
    ] as const) {
      expect(await one(op, { x: [7, 4, 3] }, rows(gates))).toEqual([
        { batch: 2, m: 28, k: 3, n: 5 * gates },
        { batch: 2, m: 28, k: 5, n: 5 * gates },
      ]);
    }
  });

  it('counts attention: queries by keys, weights by values', async () => {
    const flow = [
      { batch: 2 * 8, m: 10, k: 16, n: 12 },
      { batch: 2 * 8, m: 10, k: 12, n: 16 },
    ];
    const heads = { q_num_heads: 8, kv_num_heads: 2 };
    expect(await one('Attention', { q: [2, 10, 128], k: [2, 12, 32], v: [2, 12, 32] }, {}, heads)).toEqual(
      flow,
    );
    expect(await one('Attention', { q: [2, 8, 10, 16], k: [2, 2, 12, 16], v: [2, 2, 12, 16] }, {})).toEqual(
      flow,
    );
    const mha = { q: [2, 10, 128], k: [2, 12, 128], v: [2, 12, 128] };
    expect(await one('MultiHeadAttention', mha, {}, { num_heads: 8 }, 'com.microsoft')).toEqual(flow);
    expect(
      await one('Attention', { x: [2, 12, 128] }, { w: [128, 384] }, { num_heads: 8 }, 'com.microsoft'),
    ).toEqual([
      { batch: 1, m: 24, k: 128, n: 384 },
      { batch: 16, m: 12, k: 16, n: 12 },
      { batch: 16, m: 12, k: 12, n: 16 },
    ]);
    expect(
      await one(
        'GroupQueryAttention',
        { q: [1, 1, 128], k: [1, 1, 32], v: [1, 1, 32], pk: [1, 2, 31, 16], pv: [1, 2, 31, 16] },
        {},
        { num_heads: 8, kv_num_heads: 2 },
        'com.microsoft',
      ),
    ).toEqual([
      { batch: 8, m: 1, k: 16, n: 32 },
      { batch: 8, m: 1, k: 32, n: 16 },
    ]);
  });

  it('unpacks the size of packed weights', async () => {
    const packed = { b: { dims: [32, 2, 16], type: 2 } };
    expect(
      await one('MatMulNBits', { a: [1, 6, 64] }, packed, { K: 64, N: 32, bits: 4 }, 'com.microsoft'),
    ).toEqual([{ batch: 1, m: 6, k: 64, n: 32 }]);
  });
});

describe('convolutions of every kind', () => {
  const scale: TensorSpec = { dims: [], floats: [1] };
  const zero: TensorSpec = { dims: [], type: 2 };

  it.each<[string, ModelSpec, number]>([
    [
      'QLinearConv',
      {
        inputs: { x: [1, 4, 5, 5] },
        weights: { s: scale, z: zero, w: { dims: [6, 2, 3, 3], type: 3 }, b: { dims: [6], type: 6 } },
        nodes: [node('QLinearConv', ['x', 's', 'z', 'w', 's', 'z', 's', 'z', 'b'], ['y'], { group: 2 })],
      },
      108 + 6,
    ],
    [
      'ConvInteger',
      {
        inputs: { x: [1, 4, 5, 5] },
        weights: { w: { dims: [6, 2, 3, 3], type: 3 }, z: zero },
        nodes: [node('ConvInteger', ['x', 'w', 'z', 'z'], ['y'], { group: 2 })],
      },
      108,
    ],
    [
      'Conv of dequantized weights',
      {
        inputs: { x: [1, 4, 5, 5] },
        weights: { q: { dims: [6, 2, 3, 3], type: 3 }, s: scale },
        nodes: [node('DequantizeLinear', ['q', 's'], ['w']), node('Conv', ['x', 'w'], ['y'], { group: 2 })],
      },
      108,
    ],
    [
      'FusedConv',
      {
        inputs: { x: [1, 4, 5, 5] },
        weights: { w: [6, 2, 3, 3], b: [6] },
        nodes: [node('FusedConv', ['x', 'w', 'b'], ['y'], { group: 2, activation: 'Relu' }, ms)],
      },
      114,
    ],
    [
      'NhwcConv',
      {
        inputs: { x: [1, 5, 5, 4] },
        weights: { w: [6, 2, 3, 3] },
        nodes: [node('NhwcConv', ['x', 'w'], ['y'], { group: 2 }, ms)],
      },
      108,
    ],
    [
      'DeformConv',
      {
        inputs: { x: [1, 4, 5, 5], offset: [1, 18, 3, 3] },
        weights: { w: [6, 2, 3, 3] },
        nodes: [node('DeformConv', ['x', 'w', 'offset'], ['y'], { group: 2 })],
      },
      108,
    ],
  ])('%s', async (_, spec, params) => {
    const { totals, coverage } = await count(spec);
    expect([totals.macs, totals.params, coverage.kind]).toEqual([9 * 108, params, 'complete']);
    expect(totals.byFlavor.grouped).toBe(9 * 108);
  });

  it('keeps the activation that is fused into one', async () => {
    const { layers } = await read({
      inputs: { x: [1, 1, 3] },
      weights: { w: [1, 1, 1] },
      nodes: [
        node(
          'FusedConv',
          ['x', 'w'],
          ['y'],
          { activation: 'Clip', activation_params: { floats: [0, 6] } },
          ms,
        ),
      ],
    });
    expect(layers[0]).toMatchObject({ kind: 'conv', activation: { name: 'relu6' } });
  });

  it('lets the odd element of an output_shape go to the begin, except for SAME_UPPER', async () => {
    const edges = async (opset: number, attributes: Readonly<Record<string, AttributeSpec>>) => {
      const { layers } = await read({
        opset,
        inputs: { x: [1, 1, 5] },
        weights: { w: [1, 1, 3] },
        nodes: [
          node('ConvTranspose', ['x', 'w'], ['y'], { strides: [2], output_shape: [10], ...attributes }),
        ],
      });
      const layer = layers[0];
      return layer?.kind === 'conv' && [layer.geometry.axes[0]?.padBegin, layer.geometry.axes[0]?.padEnd];
    };
    expect(await edges(11, {})).toEqual([1, 0]);
    expect(await edges(11, { auto_pad: 'SAME_UPPER' })).toEqual([0, 1]);
    expect(await edges(1, {})).toEqual([0, 1]);
    expect(await edges(1, { auto_pad: 'SAME_UPPER' })).toEqual([1, 0]);
  });

  it('takes zeros put around its input for its own padding, if nothing else reads them', async () => {
    const padded = (mode: string, ...more: readonly Uint8Array[]) =>
      count({
        inputs: { x: [1, 2, 4, 4] },
        weights: { pads: { dims: [8], ints: [0, 0, 1, 0, 0, 0, 1, 2] }, w: [3, 2, 3, 3] },
        nodes: [
          node('Pad', ['x', 'pads'], ['p'], { mode }),
          node('Conv', ['p', 'w'], ['y'], { pads: [0, 1, 0, 0] }),
          ...more,
        ],
      });
    const { layers, totals } = await padded('constant');
    expect(layers.map(({ layer }) => layer.op)).toEqual(['Conv']);
    expect(layers[0]?.layer.inputs[0]).toMatchObject({ name: 'x', shape: [1, 2, 4, 4] });
    const [conv] = layers.map(({ layer }) => layer);
    expect(
      conv?.kind === 'conv' && conv.geometry.axes.map(({ padBegin, padEnd }) => [padBegin, padEnd]),
    ).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(totals.macs).toBe(4 * 5 * 54);
    expect(
      (await padded('constant', node('Relu', ['p'], ['z']))).layers.map(({ layer }) => layer.op),
    ).toEqual(['Pad', 'Conv', 'Relu']);
    expect((await padded('reflect')).layers[1]?.layer.inputs[0]?.shape).toEqual([1, 2, 6, 6]);
  });
});

describe('what engines can run', () => {
  it('is said in our words', async () => {
    const { layers } = await read({
      inputs: { x: [1, 4, 8, 8] },
      weights: { v: [4], six: { dims: [], floats: [6] }, nil: { dims: [], floats: [0] } },
      nodes: [
        node('Clip', ['x', 'nil', 'six'], ['a']),
        node('MaxPool', ['a'], ['b'], { kernel_shape: [2, 2], strides: [2, 2] }),
        node('AveragePool', ['b'], ['c'], { kernel_shape: [2, 2], count_include_pad: 1 }),
        node('BatchNormalization', ['b', 'v', 'v', 'v', 'v'], ['d'], { epsilon: { float: 0.5 } }),
        node('Add', ['b', 'd'], ['e']),
        node('Mul', ['e', 'v'], ['skip'], {}),
        node('Concat', ['e', 'd'], ['f'], { axis: 1 }),
        node('GlobalAveragePool', ['f'], ['g']),
        node('Flatten', ['g'], ['h']),
        node('Softmax', ['h'], ['i']),
        node('HardSigmoid', ['i'], ['j']),
      ].toSpliced(5, 1),
    });
    expect(layers.map(layer => layer.kind === 'free' && layer.compute)).toMatchObject([
      { type: 'activation', activation: { name: 'relu6' } },
      { type: 'pool', mode: 'max', countPadding: false },
      { type: 'pool', mode: 'avg', countPadding: true },
      { type: 'batch-norm', epsilon: 0.5 },
      { type: 'add' },
      { type: 'concat' },
      { type: 'adaptive-pool', mode: 'avg', outputSizes: [1, 1] },
      { type: 'flatten' },
      { type: 'softmax' },
      {
        type: 'activation',
        activation: { name: 'hardSigmoid', parameters: { alpha: expect.closeTo(0.2), beta: 0.5 } },
      },
    ]);
  });
});

describe('notes', () => {
  it('tell that a first layer turns the layout round', async () => {
    const { notes } = await read({
      inputs: { x: [1, 8, 8, 3] },
      nodes: [node('Transpose', ['x'], ['y'], { perm: [0, 3, 1, 2] })],
    });
    expect(notes).toEqual(['input x is channels-last: its first layer turns it to channels-first']);
  });
});
