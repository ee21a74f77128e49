import { describe, expect, it } from 'vitest';
import { fillWeights } from '../../src/engines/onnxruntime/fill-weights.js';
import { problemModel } from '../../src/engines/onnxruntime/problem-model.js';
import { readProfile } from '../../src/engines/onnxruntime/profile.js';
import { writeModel } from '../../src/engines/onnxruntime/write-model.js';
import { noOverrides, readModel, sourceFromBytes } from '../../src/formats/index.js';
import { findAbsentWeights } from '../../src/formats/onnx/absent-weights.js';
import type { Network } from '../../src/model/network.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseTokens } from '../../src/spec/tokens.js';
import { layersOfNodes } from '../../src/timing/node-layers.js';
import { aConv, values } from '../agreement/agreement.js';

describe("ONNX Runtime's profile", () => {
  const event = (name: string, dur: number, op: string, index: number, cat = 'Node') => ({
    cat,
    name,
    dur,
    args: { op_name: op, node_index: String(index) },
  });

  it('is read as times in milliseconds, by node, in the order of the first run', () => {
    const run = (conv: number, add: number) => [
      event('c1_kernel_time', conv, 'Conv', 0),
      event('_kernel_time', add, 'Add', 1),
      event('_kernel_time', add, 'Add', 2),
      event('model_run', conv + add, '', 0, 'Session'),
    ];
    const text = JSON.stringify([
      event('session_initialization', 9, '', 0, 'Session'),
      ...run(5000, 70),
      ...run(1500, 20),
      ...run(1250, 10),
    ]);
    expect(readProfile(text, 1)).toEqual([
      { name: 'c1', op: 'Conv', times: [1.5, 1.25] },
      { name: '', op: 'Add', times: [0.02, 0.01] },
      { name: '', op: 'Add', times: [0.02, 0.01] },
    ]);
  });
});

describe('nodes find their layers', () => {
  const network = (line: string): Network =>
    buildNetwork(parseTokens(line), { name: line, source: line, format: 'tokens' });
  const join = (net: Network, nodes: readonly { name: string; op: string }[]) => {
    const found = layersOfNodes(nodes, net);
    return nodes.map(node => found.get(node)?.name);
  };
  const tensorOf = (net: Network, layer: string) =>
    net.layers.find(({ name }) => name === layer)!.outputs[0]!.name;

  it('by name, with the name of a fusion before or behind', () => {
    const net = network('@4x4x2 conv3x3 4 name=a/conv conv3x3 4 name=b/conv conv3x3 4 name=c');
    expect(
      join(net, [
        { name: 'a/conv', op: 'FusedConv' },
        { name: 'b/conv/MatmulTransposeFusion//MatMulScaleFusion/', op: 'FusedMatMul' },
        { name: 'fused c', op: 'FusedGemm' },
        { name: 'b/conv/inner', op: 'Conv' },
        { name: 'ReorderOutput', op: 'ReorderOutput' },
      ]),
    ).toEqual(['a/conv', 'b/conv', 'c', undefined, undefined]);
  });

  it('by the tensor that they give, through what was fused into them', () => {
    const net = network(
      '@4x4x2 conv3x3 4 name=c1 relu6 name=r1 conv3x3 4 name=c2 maxpool2x2 name=p relu name=r2',
    );
    expect(
      join(net, [
        { name: `${tensorOf(net, 'r1')}_nchwc`, op: 'Conv' },
        { name: `${tensorOf(net, 'c2')}_nchwc`, op: 'Conv' },
        { name: `${tensorOf(net, 'p')}_nchwc`, op: 'MaxPool' },
      ]),
    ).toEqual(['c1', 'c2', undefined]);
  });

  it('a pool is not looked through: it cannot be a part of a convolution', () => {
    const net = network('@4x4x2 conv3x3 4 name=c1 maxpool2x2 name=p relu name=r');
    expect(join(net, [{ name: `${tensorOf(net, 'r')}_nchwc`, op: 'Conv' }])).toEqual([undefined]);
  });

  it('each layer once: of two branches of a sum, the one that is not taken', () => {
    const { layers, ...net } = network('@4x4x4 conv3x3 4 name=left conv3x3 4 name=right relu name=r');
    const [left, right, relu] = layers as [(typeof layers)[0], (typeof layers)[0], (typeof layers)[0]];
    const sum = { ...relu, inputs: [right.outputs[0]!, left.outputs[0]!] };
    const both = { ...net, layers: [left, right, sum] } as Network;
    expect(
      join(both, [
        { name: `${sum.outputs[0]!.name}_nchwc`, op: 'Conv' },
        { name: `${right.outputs[0]!.name}_nchwc`, op: 'Conv' },
      ]),
    ).toEqual(['left', 'right']);
  });
});

describe('weights that a file lacks', () => {
  const nothing = new Float32Array(0);
  const problem = aConv({ channels: 3, outChannels: 5 });
  const read = (bytes: Uint8Array) =>
    readModel(sourceFromBytes(bytes), { name: 'filled', source: '-', inputs: noOverrides });

  it('are filled in, and nothing else changes', async () => {
    const { model } = problemModel(problem, [nothing, nothing]);
    // The writer is given the right number of dims, and no values: as files that were made small.
    const constants = model.constants.map(each => ({
      ...each,
      shape: each.shape.length === 1 ? [5] : each.shape,
    }));
    const file = writeModel({ ...model, constants });
    const absent = findAbsentWeights(sourceFromBytes(file))!;
    expect(absent.tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype }))).toEqual([
      { name: 'constant0', shape: [5, 3, 3, 3], dtype: 'f32' },
      { name: 'constant1', shape: [5], dtype: 'f32' },
    ]);
    const filled = fillWeights(file, absent);
    expect(findAbsentWeights(sourceFromBytes(filled))).toBeUndefined();
    const network = await read(filled);
    expect(network.layers).toEqual((await read(file)).layers);
    const [weights, bias] = [...network.params.values()].map(({ values: source }) => source);
    const valuesOf = async (source: typeof weights) =>
      source?.type === 'payload' ? source.read() : Promise.reject(source?.type);
    const random = await valuesOf(weights);
    expect(random.length).toBe(135);
    expect(new Set(random).size).toBeGreaterThan(100);
    expect(await valuesOf(bias)).toEqual(new Float32Array(5).fill(1));
    expect(fillWeights(file, absent)).toEqual(filled);
  });

  it('a file that holds all of its own is left alone', () => {
    const file = writeModel(problemModel(problem, [values(135, 1), values(5, 2)]).model);
    expect(findAbsentWeights(sourceFromBytes(file))).toBeUndefined();
  });
});
