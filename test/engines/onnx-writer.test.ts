import { expect, it } from 'vitest';
import { problemModel } from '../../src/engines/onnxruntime/problem-model.js';
import { varint } from '../../src/engines/onnxruntime/protobuf.js';
import { writeModel } from '../../src/engines/onnxruntime/write-model.js';
import { noOverrides, readModel, sourceFromBytes } from '../../src/formats/index.js';
import { makeActivation } from '../../src/model/activation.js';
import { aConv, values } from '../agreement/agreement.js';

const read = (bytes: Uint8Array) =>
  readModel(sourceFromBytes(bytes), { name: 'written', source: '-', inputs: noOverrides });

it.each([
  // value, bytes
  [0, [0]],
  [127, [127]],
  [128, [0x80, 1]],
  [300, [0xac, 2]],
  [2 ** 32, [0x80, 0x80, 0x80, 0x80, 0x10]],
])('the varint of %i', (value, bytes) => {
  expect(Array.from(varint(value))).toEqual(bytes);
});

it.each([
  ['strides and uneven padding', { stride: 2, padding: [0, 1, 2, 1], outChannels: 6 }],
  ['groups and dilation', { groups: 2, dilation: 2, padding: 2 }],
  ['one axis', { sizes: [9], kernel: 3 }],
  ['three axes', { sizes: [4, 5, 6], kernel: 2 }],
  ['transposed', { transposed: true, stride: 2, outputPadding: 1, kernel: 3 }],
])('a convolution that is written is read again: %s', async (_, given) => {
  const problem = aConv({ ...given, bias: true });
  const { geometry } = problem;
  const length =
    (geometry.inChannels * geometry.outChannels * geometry.axes.reduce((all, axis) => all * axis.kernel, 1)) /
    geometry.groups;
  const weights = [values(length, 1), values(geometry.outChannels, 2)];
  const network = await read(writeModel(problemModel(problem, weights).model));
  const [layer] = network.layers;
  expect(layer).toMatchObject({ kind: 'conv', bias: true });
  expect((layer as { geometry: unknown }).geometry).toEqual({ ...geometry, padding: 'explicit' });
  const [stored] = [...network.params.values()].filter(({ shape }) => shape.length > 1);
  expect(stored!.values.type === 'payload' && (await stored!.values.read())).toEqual(weights[0]);
});

it('a depthwise + pointwise pair is two convolutions, with what stands between', async () => {
  const depthwise = { ...aConv({ groups: 4, padding: 1, bias: false }), activation: makeActivation('relu6') };
  const pointwise = aConv({ kernel: 1, outChannels: 7, bias: false });
  const problem = { kind: 'separable', depthwise, pointwise } as const;
  const { layers } = await read(writeModel(problemModel(problem, [values(36, 1), values(28, 2)]).model));
  expect(layers.map(({ op }) => op)).toEqual(['Conv', 'Clip', 'Conv']);
});

it('a dense layer keeps its weights as rows of outputs', async () => {
  const problem = {
    kind: 'matmul',
    product: { batch: 1, m: 2, k: 3, n: 4 },
    weights: true,
    bias: true,
    activation: makeActivation('none'),
  } as const;
  const { layers } = await read(writeModel(problemModel(problem, [values(12, 1), values(4, 2)]).model));
  expect(layers).toMatchObject([{ op: 'Gemm', products: [{ batch: 1, m: 2, k: 3, n: 4 }] }]);
});
