import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compareArrays } from '../../src/engines/agreement.js';
import { sessionOptions } from '../../src/engines/onnxruntime/api.js';
import { loadOnnxRuntime } from '../../src/engines/onnxruntime/index.js';
import { networkModel } from '../../src/engines/onnxruntime/network-model.js';
import { writeModel } from '../../src/engines/onnxruntime/write-model.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import { runNetwork } from '../../src/engines/run-network.js';
import { layoutName } from '../../src/model/layout.js';
import type { Network } from '../../src/model/network.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseTokens } from '../../src/spec/tokens.js';
import { fillValues } from '../../src/tensor/fill.js';
import { permute } from '../../src/tensor/permute.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';
import { benchFolder, isInstalled } from './peer-packages.js';

const noFiles = () => Promise.reject(new Error('no files'));
const tokens = (line: string): Network =>
  buildNetwork(parseTokens(line), { name: line, source: line, format: 'tokens' });
const zoo = (text: string): Network => zooNetwork(text, {});

beforeEach(() => {
  vi.spyOn(process, 'cwd').mockReturnValue(benchFolder);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.skipIf(!isInstalled('onnxruntime-node'))(
  'whole networks in one session, if npm --prefix bench ci has installed onnxruntime-node',
  () => {
    it.each([
      tokens('@8x10x3 conv3x3 6 s2 relu flatten fc 5'),
      tokens('@9x9x3 conv3x3 6 maxpool3x3 s2 conv3x3 4 avgpool2x2 gap fc 5 softmax'),
      tokens('@8x8x4 tconv4x4 3 s2 sigmoid conv1x1 2'),
      zoo('zoo:mobilenet-v1,width=0.25,resolution=32'),
      zoo('zoo:mobilenet-v2,width=0.35,resolution=32'),
      zoo('zoo:mobilenet-v3-small,resolution=32'),
      zoo('zoo:squeezenet-1.1,resolution=64'),
      zoo('zoo:efficientnet-b0,resolution=32'),
      zoo('zoo:googlenet,resolution=64'),
      zoo('zoo:shufflenet-v2-1.0,resolution=32'),
    ])('$name', async network => {
      const ort = await loadOnnxRuntime();
      const written = (await networkModel(network, noFiles))!;
      const session = await ort.InferenceSession.create(writeModel(written), sessionOptions);
      const [input] = network.inputs;
      const layout = layoutName(network.layout, input!.shape.length);
      const own = fillValues(
        { type: 'fill', fill: 'random', seed: 1 },
        input!.name,
        input!.shape.reduce((a, b) => a * b),
      );
      const turned = permute(own, input!.shape, layout, layoutName('channels-first', input!.shape.length));
      const results = await session.run({
        [input!.name]: new ort.Tensor('float32', turned, written.inputs[0]!.shape),
      });
      await session.release();
      const [output] = network.outputs;
      const expected = (await runNetwork(network, createReferenceEngine())).get(output!)!;
      const order = expected.layout;
      const first = layoutName('channels-first', expected.shape.length);
      const asFirst = permute(expected.values, expected.shape, order, first);
      const [actual] = Object.values(results);
      expect(asFirst.some(value => value !== asFirst[0])).toBe(true);
      expect(compareArrays(Float32Array.from(actual!.data, Number), asFirst).maxRelError).toBeLessThan(1e-4);
    });
  },
);

it('a layer without words in ONNX: no whole model', async () => {
  const matrices = tokens('@6x4 conv1 4 name=a');
  const layer = matrices.layers[0]!;
  const unknown = { ...layer, kind: 'free', compute: { type: 'other', elementwise: false } } as const;
  expect(
    await networkModel({ ...matrices, layers: [unknown] } as unknown as Network, noFiles),
  ).toBeUndefined();
});
