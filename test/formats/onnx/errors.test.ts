import { describe, expect, it } from 'vitest';
import { sourceFromBytes } from '../../../src/formats/byte-source.js';
import { detectFormat, noOverrides, readModel } from '../../../src/formats/index.js';
import {
  type AttributeSpec,
  graph,
  int,
  type ModelSpec,
  message,
  model,
  node,
  read,
  readBytes,
  text,
} from '../onnx-builder.js';

const named = { name: 'the_node' };

const conv = (
  attributes: Readonly<Record<string, AttributeSpec>>,
  weight: readonly number[] = [8, 4, 3, 3],
): ModelSpec => ({
  inputs: { x: [1, 4, 8, 8] },
  weights: { w: weight },
  nodes: [node('Conv', ['x', 'w'], ['y'], attributes, named)],
});

const one = (
  op: string,
  input: readonly number[],
  attributes: Readonly<Record<string, AttributeSpec>> = {},
  opset = 13,
): ModelSpec => ({
  opset,
  inputs: { x: input },
  nodes: [node(op, ['x'], ['y'], attributes, named)],
});

describe('what checkers let pass', () => {
  it.each<[string, ModelSpec, string, RegExp]>([
    ['stride 0', conv({ strides: [0, 1] }), 'not-positive', /Stride is 0/],
    ['dilation 0', conv({ dilations: [1, 0] }), 'not-positive', /Dilation is 0/],
    ['group 0', conv({ group: 0 }), 'not-positive', /groups is 0/],
    ['group -1', conv({ group: -1 }), 'not-positive', /groups is -1/],
    [
      'a group that does not divide',
      conv({ group: 3 }, [8, 4, 3, 3]),
      'weight-channels-disagree',
      /group = 3 takes 12 input channels/,
    ],
    [
      'a group that does not divide the output',
      conv({ group: 4 }, [6, 1, 3, 3]),
      'channels-not-divisible',
      /6 output channels.*4 groups/,
    ],
    [
      'pads that are too few',
      conv({ pads: [1, 1] }),
      'attribute-invalid',
      /pads = \[1,1\], but needs 4 numbers/,
    ],
    ['negative pads', conv({ pads: [-1, 0, 0, 0] }), 'not-whole', /Padding is -1/],
    [
      'strides that are too many',
      conv({ strides: [1, 1, 1] }),
      'attribute-invalid',
      /strides = \[1,1,1\], but needs 2 numbers/,
    ],
    [
      'auto_pad with a typo',
      conv({ auto_pad: 'SAME' }),
      'attribute-invalid',
      /auto_pad = "SAME".*SAME_UPPER/,
    ],
    [
      'a kernel against its weight',
      conv({ kernel_shape: [5, 5] }),
      'attribute-invalid',
      /kernel_shape = \[5,5\].*\[3,3\].*\[8,4,3,3\]/,
    ],
    ['a weight of other axes', conv({}, [8, 4, 3]), 'shapes-disagree', /\[1, 4, 8, 8\] and \[8, 4, 3\]/],
    [
      'a weight of other channels',
      conv({}, [8, 5, 3, 3]),
      'weight-channels-disagree',
      /takes 5 input channels, but the input is \[1, 4, 8, 8\]/,
    ],
    ['a kernel larger than its input', conv({}, [8, 4, 9, 9]), 'empty-output', /spans 9 elements on axis 0/],
    ['a pool without a kernel', one('MaxPool', [1, 1, 4, 4]), 'attribute-invalid', /kernel_shape = nothing/],
    [
      'a pool of stride 0',
      one('MaxPool', [1, 1, 4, 4], { kernel_shape: [2, 2], strides: [0, 0] }),
      'not-positive',
      /Stride is 0/,
    ],
    [
      'an axis that is not there',
      one('Softmax', [1, 4], { axis: 2 }),
      'attribute-invalid',
      /axis = 2.*rank 2/,
    ],
    [
      'a perm that repeats',
      one('Transpose', [1, 4], { perm: [0, 0] }),
      'attribute-invalid',
      /perm = \[0,0\]/,
    ],
    [
      'a reshape that does not fit',
      one('Reshape', [2, 3], { shape: [4, 2] }, 1),
      'shapes-disagree',
      /\[2, 3\] and \[4, 2\]/,
    ],
    [
      'a reshape of two open sizes',
      one('Reshape', [2, 3], { shape: [-1, -1] }, 1),
      'attribute-invalid',
      /shape = \[-1,-1\], but needs one -1 at most/,
    ],
    [
      'a size beyond 2^53',
      {
        inputs: { x: [4] },
        weights: { r: { dims: [1], ints: [2 ** 60] } },
        nodes: [node('Tile', ['x', 'r'], ['y'], {}, named)],
      },
      'dim-out-of-range',
      /\[beyond 2\^53\], but 2\^53 - 1 is the largest size kept exactly/,
    ],
    [
      'an output_shape of other axes',
      {
        inputs: { x: [1, 4, 8, 8] },
        weights: { w: [4, 4, 3, 3] },
        nodes: [node('ConvTranspose', ['x', 'w'], ['y'], { output_shape: [4, 16, 16] }, named)],
      },
      'attribute-invalid',
      /output_shape = \[4,16,16\], but needs 2 numbers/,
    ],
    ['a negative reshape', one('Reshape', [2, 3], { shape: [-2, -3] }, 1), 'dim-out-of-range', /\[-2, -3\]/],
    [
      'a squeeze of more than one',
      one('Squeeze', [2, 3], { axes: [1] }, 11),
      'attribute-invalid',
      /axes = 1.*size 1/,
    ],
    ['a missing operand', one('MatMul', [2, 3]), 'input-missing', /"MatMul" lacks its input 1/],
    [
      'products that do not fit',
      { inputs: { a: [2, 3], b: [4, 5] }, nodes: [node('MatMul', ['a', 'b'], ['y'], {}, named)] },
      'shapes-disagree',
      /\[2, 3\] and \[4, 5\]/,
    ],
    [
      'sums that do not fit',
      { inputs: { a: [2, 3], b: [4, 3] }, nodes: [node('Add', ['a', 'b'], ['y'], {}, named)] },
      'shapes-disagree',
      /"Add".*\[2, 3\] and \[4, 3\]/,
    ],
    [
      'a tensor that nobody writes',
      { inputs: { x: [1] }, nodes: [node('Add', ['x', 'ghost'], ['y'], {}, named)] },
      'tensor-missing',
      /"Add" reads "ghost"/,
    ],
    ['a type that does not exist', one('Cast', [1], { to: 99 }), 'dtype-not-known', /type 99/],
    [
      'more elements than 2^53',
      {
        inputs: { x: [1] },
        weights: { s: { dims: [2], ints: [2 ** 40, 2 ** 40] } },
        nodes: [node('Expand', ['x', 's'], ['y'], {}, named)],
      },
      'too-large',
      /2\^53/,
    ],
    [
      'Scan of opset 8',
      {
        opset: 8,
        inputs: { x: [1] },
        nodes: [node('Scan', ['x'], ['y'], { body: { graph: new Uint8Array() } }, named)],
      },
      'opset-too-old',
      /opset 8/,
    ],
  ])('%s is refused: node, attribute and numbers', async (_, spec, code, reason) => {
    await expect(read(spec)).rejects.toMatchObject({
      code,
      layer: 'the_node',
      message: expect.stringMatching(reason),
    });
  });

  it('names a cycle, or nodes out of order, by both ends', async () => {
    const spec: ModelSpec = {
      inputs: { x: [1] },
      nodes: [node('Add', ['x', 'b'], ['a'], {}, named), node('Relu', ['a'], ['b'], {}, { name: 'later' })],
    };
    await expect(read(spec)).rejects.toMatchObject({
      code: 'graph-not-sorted',
      layer: 'the_node',
      message: expect.stringMatching(/reads "b" before "later" writes it/),
    });
  });

  it.each<[string, Partial<ModelSpec>, string, RegExp]>([
    [
      'that two nodes write',
      { nodes: [node('Relu', ['x'], ['y'], {}, named), node('Abs', ['x'], ['y'], {}, { name: 'later' })] },
      'written-twice',
      /^"later" writes "y", which "the_node" writes already/,
    ],
    [
      'that one node writes twice',
      { nodes: [node('Split', ['x'], ['y', 'y'], {}, named)] },
      'written-twice',
      /^"the_node" writes "y", which "the_node" writes already/,
    ],
    [
      'that is an input too',
      { nodes: [node('Relu', ['x'], ['x'], {}, named)] },
      'written-twice',
      /^"the_node" writes "x", which is an input or a stored tensor/,
    ],
    [
      'that nothing writes, though it is an output',
      { nodes: [node('Relu', ['x'], ['y'], {}, named)], outputs: ['y', 'zzz'] },
      'output-missing',
      /has the output "zzz", which no node writes/,
    ],
    [
      'that nothing writes, though it is an output of a subgraph',
      {
        weights: { c: { dims: [], ints: [1] } },
        nodes: [
          node('If', ['c'], ['y'], {
            then_branch: { graph: graph({ nodes: [node('Relu', ['x'], ['r'])], outputs: ['zzz'] }) },
            else_branch: { graph: graph({ nodes: [], outputs: ['x'] }) },
          }),
        ],
      },
      'output-missing',
      /has the output "zzz"/,
    ],
  ])('refuses a name %s', async (_, spec, code, reason) => {
    await expect(read({ inputs: { x: [4] }, nodes: [], ...spec })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason),
    });
  });

  it('lets a subgraph give a name of its graph another meaning in itself', async () => {
    const inner = graph({ nodes: [node('Relu', ['x'], ['y'])], outputs: ['y'] });
    const { layers } = await read({
      inputs: { x: [4] },
      weights: { c: { dims: [], ints: [1] } },
      nodes: [
        node('Abs', ['x'], ['y']),
        node('If', ['c'], ['z'], { then_branch: { graph: inner }, else_branch: { graph: inner } }),
        node('Neg', ['y'], ['n']),
      ],
    });
    expect(layers.map(({ inputs, outputs }) => [inputs[0]?.name, outputs[0]?.name])).toEqual([
      ['x', 'y'],
      ['x', 'y#2'],
      ['y', 'n'],
    ]);
  });

  it('escapes what the file says', async () => {
    const spec: ModelSpec = { inputs: { x: [1] }, nodes: [node('Add', ['x', 'a\u001b[31m\nb'], ['y'])] };
    const error = await read(spec).catch((error: Error) => error);
    expect((error as Error).message).toContain('\\u001b[31m\\nb');
  });

  it('finds weights of negative or overflowing dims before anything else', async () => {
    const withWeight = (dims: readonly number[]) =>
      read({ inputs: { x: [1] }, weights: { w: dims }, nodes: [node('Relu', ['x'], ['y'])] });
    await expect(withWeight([3, -1])).rejects.toMatchObject({
      code: 'dim-out-of-range',
      message: expect.stringMatching(/"w".*\[3, -1\]/),
    });
    await expect(withWeight([4, 2 ** 60])).rejects.toMatchObject({
      message: expect.stringMatching(/"w".*\[4, beyond 2\^53\], but 2\^53 - 1/),
    });
    await expect(withWeight([2 ** 30, 2 ** 30])).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('what is no model', () => {
  const readText = (content: string) => readBytes(new TextEncoder().encode(content));

  it.each([
    [
      'a web page',
      '<!DOCTYPE html>\n<html><body>Not found</body></html>',
      /is a web page, not a model file \(onnx\)/,
    ],
    ['nothing', '', /is empty/],
    ['JSON', '{"message": "rate limited"}', /begins with "\{\\"message\\"/],
    ['a zip', 'PK\u0003\u0004', /is a zip archive, which is not read\. Unpack it/],
  ])('%s', async (_, content, reason) => {
    await expect(readText(content)).rejects.toMatchObject({
      code: 'not-a-model',
      message: expect.stringMatching(reason),
    });
  });

  const zip = (first: string) => `PK\u0003\u0004${'\0'.repeat(26)}${first}`;

  it.each([
    [
      'TensorFlow.js',
      '{"format": "graph-model", "generatedBy": "2.1"',
      /is a TensorFlow.js model, which is not/,
    ],
    ['TensorFlow.js, older', '{"modelTopology": {"keras_version": "2.1.6"', /tf2onnx.convert --tfjs/],
    ['Keras as JSON', '{"class_name": "Sequential", "config": {', /is a Keras model, which is not read/],
    ['gzip', '\x1f\x8b\b\b', /is compressed with gzip, which is not read\. Unpack it/],
    ['PyTorch', zip('archive/data.pkl'), /is a PyTorch file.*torch\.onnx\.export/],
    ['older PyTorch', '\x80\x02\x8a\nl\xfc', /is a Python pickle.*torch\.onnx\.export/],
    ['Keras', zip('metadata.json'), /is a Keras file.*tf2onnx/],
    ['HDF5', '\x89HDF\r\n\x1a\n', /is an HDF5 file.*tf2onnx/],
    ['safetensors', 'A\0\0\0\0\0\0\0{"w": {"dtype"', /holds weights without their network \(safetensors\)/],
    ['safetensors like a model', '\b\x08\x12\0\0\0\0\0{"w": {"dtype"', /\(safetensors\)/],
    ['GGUF', 'GGUF\x03\0\0\0', /holds weights without their network \(GGUF\)/],
    ['TensorFlow Lite', '\x1c\0\0\0TFL3', /is a TensorFlow Lite model.*tf2onnx/],
    ['ONNX Runtime', '\x18\0\0\0ORTM', /own format of ONNX Runtime \(\.ort\)/],
  ])('%s is named, with the next step', async (_, content, reason) => {
    await expect(readBytes(Buffer.from(content, 'latin1'))).rejects.toMatchObject({
      code: 'not-a-model',
      message: expect.stringMatching(reason),
    });
  });

  it('is a Git LFS pointer, which says so', async () => {
    await expect(
      readText('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
    ).rejects.toMatchObject({ code: 'lfs-pointer', message: expect.stringMatching(/git lfs pull/) });
  });

  it('is told by content, whatever the name', () => {
    expect(detectFormat(model({ nodes: [] }))?.name).toBe('onnx');
    expect(detectFormat(new TextEncoder().encode('\b<html>'))).toBeUndefined();
  });

  it('a model without a graph, or a graph without nodes', async () => {
    const missing = { code: 'file-incomplete', message: expect.stringMatching(/no graph/) };
    await expect(readBytes(message(8, int(2, 13)))).rejects.toMatchObject(missing);
    await expect(read({ nodes: [] })).rejects.toMatchObject(missing);
  });

  it('never opens external data, wherever it claims to lie', async () => {
    const location = message(13, text(1, 'location'), text(2, '../../../../etc/passwd'));
    const weight = message(5, int(1, 3), int(2, 1), text(8, 'w'), int(14, 1), location);
    const file = model({ inputs: { x: [1, 3] }, nodes: [node('Mul', ['x', 'w'], ['y'])] });
    // The graph is the last field: the weight is put at its end.
    const graphAt = file.lastIndexOf(0x3a, file.indexOf(0x0a, 10));
    const body = file.subarray(graphAt + 2);
    const whole = Buffer.concat([file.subarray(0, graphAt), message(7, body, weight)]);
    const { params } = await readModel(sourceFromBytes(whole), {
      name: 'n',
      source: 's',
      inputs: noOverrides,
    });
    expect([...params.values()].map(({ shape, values }) => [shape, values.type])).toEqual([[[3], 'absent']]);
  });
});
