import { describe, expect, it } from 'vitest';
import type { Network } from '../../../src/model/network.js';
import { count, graph, int, message, node, read, readBytes, type TensorSpec, text } from '../onnx-builder.js';

const x = { x: [1, 2, 4, 4] };
const stored = ({ params }: Network) =>
  [...params.values()].map(({ name, shape, dtype, learned }) => [name, shape.join('x'), dtype, learned]);

describe('params', () => {
  it.each([
    ['MatMulNBits', { bits: 4, block_size: 32 }, [96, 2, 16], 'u4', 3072],
    ['MatMulNBits', { bits: 8, block_size: 32 }, [96, 2, 32], 'u8', 6144],
    ['MatMulNBits', { bits: 2, block_size: 32 }, [96, 2, 8], 'u2', 1536],
    ['MatMulBnb4', { quant_type: 1, block_size: 32 }, [3072], 'f4', 3072],
  ])('of %s with %j are the N * K values in the packed bytes', async (op, attributes, dims, dtype, bytes) => {
    const { totals, network } = await count({
      inputs: { x: [5, 64] },
      weights: { w: { dims, type: 2 }, s: [192] },
      nodes: [
        node(op, ['x', 'w', 's'], ['y'], { K: 64, N: 96, ...attributes }, { domain: 'com.microsoft' }),
        node(op, ['x', 'w', 's'], ['z'], { K: 64, N: 96, ...attributes }, { domain: 'com.microsoft' }),
      ],
    });
    expect(stored(network)).toContainEqual(['w', '96x64', dtype, true]);
    expect([totals.params, totals.paramBytes]).toEqual([96 * 64, bytes + 4 * 192]);
  });

  it('hold a tensor once, whatever passes it on and however often', async () => {
    const { totals, layers, network } = await count({
      inputs: x,
      weights: { w: [2, 2, 1, 1] },
      nodes: [
        node('Identity', ['w'], ['same']),
        node('Conv', ['x', 'w'], ['a']),
        node('Conv', ['a', 'same'], ['b']),
      ],
    });
    expect(stored(network)).toEqual([['w', '2x2x1x1', 'f32', true]]);
    expect([totals.params, layers.map(({ params }) => params)]).toEqual([4, [4, 0]]);
  });

  it.each<[string, readonly Uint8Array[], Readonly<Record<string, TensorSpec>>]>([
    ['a Constant', [node('Constant', [], ['w'], { value: { tensor: { dims: [3, 2, 1, 1] } } })], {}],
    ['a Cast', [node('Cast', ['h'], ['w'], { to: 1 })], { h: { dims: [3, 2, 1, 1], type: 10 } }],
    ['a Transpose', [node('Transpose', ['t'], ['w'], { perm: [3, 2, 0, 1] })], { t: { dims: [1, 1, 2, 3] } }],
    [
      'a DequantizeLinear',
      [node('DequantizeLinear', ['q', 's', 'z'], ['w'])],
      { q: { dims: [3, 2, 1, 1], type: 3 }, s: { dims: [], floats: [1] }, z: { dims: [], type: 3 } },
    ],
    [
      'a Reshape',
      [node('Reshape', ['f', 'to'], ['w'])],
      { f: { dims: [6] }, to: { dims: [4], ints: [3, 2, 1, 1] } },
    ],
  ])('are found through %s', async (_, nodes, weights) => {
    const { totals, layers } = await count({
      inputs: x,
      weights,
      nodes: [...nodes, node('Conv', ['x', 'w'], ['y'])],
    });
    expect([totals.params, layers[0]?.params, layers.length]).toEqual([6, 6, 1]);
  });

  it('are found where they are filled with one number, as in untrained exports', async () => {
    const { totals, network } = await count({
      inputs: x,
      weights: { shape: { dims: [4], ints: [3, 2, 1, 1] }, channels: { dims: [1], ints: [3] } },
      nodes: [
        node('ConstantOfShape', ['shape'], ['w'], { value: { tensor: { dims: [1], floats: [0.5] } } }),
        node('ConstantOfShape', ['channels'], ['v']),
        node('Conv', ['x', 'w'], ['a']),
        node('BatchNormalization', ['a', 'v', 'v', 'v', 'v'], ['y']),
      ],
    });
    expect([totals.params, totals.paramBytes]).toEqual([9, 36]);
    const values = network.params.get('w')?.values;
    expect(values?.type === 'payload' && [...(await values.read())]).toEqual(new Array(6).fill(0.5));
  });

  it('are not states and masks that are filled so', async () => {
    const { totals } = await count({
      inputs: { x: [7, 1, 3] },
      weights: { w: [1, 20, 3], r: [1, 20, 5], shape: { dims: [3], ints: [1, 1, 5] } },
      nodes: [
        node('ConstantOfShape', ['shape'], ['h0']),
        node('LSTM', ['x', 'w', 'r', '', '', 'h0', 'h0'], ['y', 'h']),
        node('Add', ['h', 'h0'], ['z']),
      ],
    });
    expect(totals.params).toBe(60 + 100);
  });

  it('do not hold sizes, limits and lone numbers', async () => {
    const { totals } = await count({
      inputs: x,
      nodes: [
        node('Constant', [], ['scales'], { value: { tensor: { dims: [4], floats: [1, 1, 2, 2] } } }),
        node('Resize', ['x', '', 'scales'], ['b']),
        node('Constant', [], ['epsilon'], { value: { tensor: { dims: [], floats: [1e-5] } } }),
        node('Add', ['b', 'epsilon'], ['y']),
      ],
    });
    expect(totals.params).toBe(0);
  });

  it('tell buffers from learnable values', async () => {
    const { network, totals } = await count({
      inputs: x,
      weights: { g: [2], b: [2], mean: [2], variance: [2] },
      nodes: [node('BatchNormalization', ['x', 'g', 'b', 'mean', 'variance'], ['y'])],
    });
    expect(stored(network).map(([name, , , learned]) => [name, learned])).toEqual([
      ['g', true],
      ['b', true],
      ['mean', false],
      ['variance', false],
    ]);
    expect([totals.params, totals.paramBytes]).toEqual([4, 32]);
  });

  /** A group norm as PyTorch writes it: one that learns nothing, between reshapes, then its scale. */
  const normAfterConv = (nodes: readonly Uint8Array[], weights: Readonly<Record<string, TensorSpec>>) =>
    count({
      inputs: x,
      weights: {
        grouped: { dims: [3], ints: [1, 2, 16] },
        whole: { dims: [4], ints: [1, 2, 4, 4] },
        ...weights,
      },
      nodes: [
        node('Constant', [], ['ones'], { value: { tensor: { dims: [2], floats: [1, 1] } } }),
        node('Constant', [], ['zeros'], { value: { tensor: { dims: [2], floats: [0, 0] } } }),
        ...nodes,
        node('Conv', ['x', 'w', 'b'], ['a']),
        node('Reshape', ['a', 'grouped'], ['groups']),
        node('InstanceNormalization', ['groups', 'ones', 'zeros'], ['normed']),
        node('Reshape', ['normed', 'whole'], ['c']),
        node('Mul', ['c', 'scale'], ['y']),
      ],
    });
  const constant = (name: string, dims: readonly number[]) =>
    node('Constant', [], [name], { value: { tensor: { dims } } });

  it('are not the constants of free layers, where weights are initializers', async () => {
    const { network, totals, layers } = await normAfterConv([constant('b', [2])], {
      w: { dims: [2, 2, 1, 1] },
      scale: { dims: [2, 1, 1] },
    });
    expect(stored(network).map(([name, , , learned]) => [name, learned])).toEqual([
      ['w', true],
      ['scale', true],
      ['b', true],
      ['ones', false],
      ['zeros', false],
    ]);
    expect([totals.params, totals.paramBytes]).toEqual([4 + 2 + 2, 4 * (4 + 2 + 2 + 2 + 2)]);
    expect(layers.map(({ params }) => params)).toEqual([6, 0, 0, 0, 2]);
  });

  it('are all constants that layers compute with, where no weight is an initializer', async () => {
    const nodes = [constant('w', [2, 2, 1, 1]), constant('b', [2])];
    const { totals } = await normAfterConv(nodes, { scale: { dims: [2, 1, 1] } });
    expect(totals.params).toBe(4 + 2 + 2 + 2 + 2);
  });

  it('hold a bias that is added by a node of its own, and an embedding', async () => {
    const { totals } = await count({
      inputs: { ids: [1, 4] },
      nodes: [
        node('Constant', [], ['table'], { value: { tensor: { dims: [10, 8] } } }),
        node('Constant', [], ['bias'], { value: { tensor: { dims: [8] } } }),
        node('Gather', ['table', 'ids'], ['e']),
        node('Add', ['e', 'bias'], ['y']),
      ],
    });
    expect(totals.params).toBe(88);
  });
});

describe('payloads', () => {
  const values = async (tensor: TensorSpec) => {
    const { params } = await read({ inputs: x, weights: { w: tensor }, nodes: [node('Relu', ['x'], ['y'])] });
    const source = params.get('w')?.values;
    return source?.type === 'payload' ? [...(await source.read())] : source?.type;
  };
  const raw = (array: ArrayLike<number> & { readonly buffer: ArrayBuffer }) => new Uint8Array(array.buffer);

  it.each<[string, TensorSpec, readonly number[]]>([
    ['raw floats', { dims: [3], raw: raw(Float32Array.of(1, -2.5, 3)) }, [1, -2.5, 3]],
    ['float_data', { dims: [2], floats: [0.5, 4] }, [0.5, 4]],
    ['raw doubles', { dims: [2], type: 11, raw: raw(Float64Array.of(0.25, -1)) }, [0.25, -1]],
    [
      'raw halves',
      { dims: [4], type: 10, raw: raw(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7bff)) },
      [1, -2.5, 2 ** -24, 65504],
    ],
    ['raw bfloat16', { dims: [2], type: 16, raw: raw(Uint16Array.of(0x3f80, 0xc020)) }, [1, -2.5]],
  ])('are read from %s', async (_, tensor, expected) => {
    expect(await values(tensor)).toEqual(expected);
  });

  it('are absent where the file does not hold them', async () => {
    expect(await values({ dims: [3] })).toBe('absent');
    expect(await values({ dims: [3], external: true })).toBe('absent');
  });

  it('are refused where they do not fill the shape', async () => {
    await expect(values({ dims: [3], floats: [1] })).rejects.toMatchObject({ code: 'payload-broken' });
  });
});

describe('weights of dense layers', () => {
  const dense = (op: string, attributes: Readonly<Record<string, number>>, stored: TensorSpec) =>
    read({
      inputs: { x: [1, 2] },
      weights: { w: stored },
      nodes: [node(op, ['x', 'w'], ['y'], attributes)],
    });

  it.each<[string, Readonly<Record<string, number>>, readonly number[], readonly number[]]>([
    ['MatMul', {}, [2, 3], [1, 4, 2, 5, 3, 6]],
    ['Gemm', {}, [2, 3], [1, 4, 2, 5, 3, 6]],
    ['Gemm', { transB: 1 }, [3, 2], [1, 2, 3, 4, 5, 6]],
  ])('of %s %j are [outputs, inputs], as engines have them', async (op, attributes, dims, values) => {
    const { params } = await dense(op, attributes, { dims, floats: [1, 2, 3, 4, 5, 6] });
    const param = params.get('w');
    expect(param?.shape).toEqual([3, 2]);
    expect(param?.values.type === 'payload' && [...(await param.values.read())]).toEqual(values);
  });
});

it('values that are written one by one are read like packed ones', async () => {
  const lone = Buffer.concat(
    [1, -2.5].map(value => Buffer.concat([Buffer.of(8 * 4 + 5), Buffer.from(Float32Array.of(value).buffer)])),
  );
  const weight = message(5, int(1, 2), int(2, 1), lone, text(8, 'w'));
  const body = graph({ inputs: x, nodes: [node('Relu', ['x'], ['y'])] });
  const { params } = await readBytes(Buffer.concat([message(8, int(2, 13)), message(7, body, weight)]));
  const values = params.get('w')?.values;
  expect(values?.type === 'payload' && [...(await values.read())]).toEqual([1, -2.5]);
});
