import { expect, it } from 'vitest';
import { executeSteps } from '../../../src/engines/execute.js';
import { createReferenceEngine } from '../../../src/engines/reference/index.js';
import { model, node, readBytes, type TensorSpec } from '../onnx-builder.js';

/** Values that differ from each other and are the same everywhere. */
const values = (count: number, step: number): number[] =>
  Array.from({ length: count }, (_, at) => Math.fround((((at + 1) * step) % 17) / 16 - 0.5));
const stored = (dims: readonly number[], step: number): TensorSpec => ({
  dims,
  floats: values(
    dims.reduce((product, size) => product * size, 1),
    step,
  ),
});
const positive = (size: number): TensorSpec => ({
  dims: [size],
  floats: values(size, 3).map(value => value + 1),
});

/** One of every layer that engines run, with weights in every order that the file may have. */
const file = model({
  opset: 13,
  inputs: { x: [1, 3, 11, 9] },
  weights: {
    pads: { dims: [8], ints: [0, 0, 1, 0, 0, 0, 0, 1] },
    w1: stored([6, 3, 3, 3], 5),
    b1: stored([6], 7),
    scale: positive(6),
    shift: stored([6], 11),
    mean: stored([6], 2),
    variance: positive(6),
    wd: stored([6, 1, 3, 3], 7),
    wt: stored([6, 4, 2, 2], 3),
    fc: stored([8, 5], 5),
    fb: stored([5], 3),
    fc2: stored([4, 5], 11),
    fc3: stored([4, 3], 6),
  },
  nodes: [
    node('Pad', ['x', 'pads'], ['xp']),
    node('Conv', ['xp', 'w1', 'b1'], ['a'], { strides: [2, 2], pads: [0, 1, 1, 0] }),
    node('BatchNormalization', ['a', 'scale', 'shift', 'mean', 'variance'], ['b']),
    node('HardSigmoid', ['b'], ['c']),
    node('Conv', ['c', 'wd'], ['d'], { group: 6, auto_pad: 'SAME_UPPER' }),
    node('Add', ['c', 'd'], ['e']),
    node('MaxPool', ['e'], ['f'], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    node('ConvTranspose', ['f', 'wt'], ['g'], { strides: [2, 2] }),
    node('LeakyRelu', ['g'], ['h'], { alpha: { float: 0.25 } }),
    node('Concat', ['h', 'g'], ['i'], { axis: 1 }),
    node('GlobalAveragePool', ['i'], ['j']),
    node('Flatten', ['j'], ['k']),
    node('Gemm', ['k', 'fc', 'fb'], ['l']),
    node('Gemm', ['l', 'fc2'], ['m'], { transB: 1 }),
    node('MatMul', ['m', 'fc3'], ['n']),
    node('Softmax', ['n'], ['y']),
  ],
  outputs: ['y'],
});

it('a network read from a file runs to what ONNX Runtime 1.30 gives', async () => {
  const network = await readBytes(file);
  const x = { type: 'values', values: values(297, 4), shape: [1, 3, 11, 9], layout: 'NCHW' } as const;
  const readArray = () => Promise.reject(new Error('no file is read'));
  const options = { fuse: false, data: new Map([['x', x]]), readArray };
  let last: ArrayLike<number> = [];
  for await (const step of executeSteps(network, createReferenceEngine(), options)) {
    await step.run();
    last = step.output;
  }
  const expected = [0.33029476, 0.36756611, 0.30213907];
  expect(Array.from(last)).toEqual(expected.map(value => expect.closeTo(value, 6)));
});
