// The layers that are compared: MobileNet v1 at 224, its twin of standard convolutions, and one layer of VGG's kind.
import { makeActivation, resolveConv } from './convcost.mjs';

const relu = makeActivation('relu');

/** Input size, channels in, channels out, stride of the depthwise step. */
const blocks = [
  [112, 32, 64, 1],
  [112, 64, 128, 2],
  [56, 128, 128, 1],
  [56, 128, 256, 2],
  [28, 256, 256, 1],
  [28, 256, 512, 2],
  ...Array.from({ length: 5 }, () => [14, 512, 512, 1]),
  [14, 512, 1024, 2],
  [7, 1024, 1024, 1],
];

/** `kind`: first, pw, dw, std. All pad as TensorFlow's SAME and end in a ReLU. */
function layer(kind, size, inChannels, outChannels, stride) {
  const geometry = resolveConv(
    {
      kernel: kind === 'pw' ? 1 : 3,
      stride,
      padding: 'same',
      outChannels,
      groups: kind === 'dw' ? inChannels : 1,
    },
    { batch: 1, channels: inChannels, sizes: [size, size] },
  );
  const [{ output, kernel, padBegin, padEnd }] = geometry.axes;
  const fanIn = (kernel * kernel * inChannels) / geometry.groups;
  return {
    name: `${kind} ${size}x${size} ${kind === 'dw' ? `x${inChannels}` : `${inChannels}->${outChannels}`}${stride > 1 ? ` s${stride}` : ''}`,
    kind,
    size,
    inChannels,
    outChannels,
    stride,
    kernel,
    output,
    groups: geometry.groups,
    pads: [padBegin, padEnd],
    fanIn,
    macs: output * output * outChannels * fanIn,
    problem: { kind: 'conv', geometry, bias: true, activation: relu },
  };
}

const first = layer('first', 224, 3, 32, 2);

export const separable = [
  first,
  ...blocks.flatMap(([size, channels, outChannels, stride]) => [
    layer('dw', size, channels, channels, stride),
    layer('pw', size / stride, channels, outChannels, 1),
  ]),
];

export const standard = [
  first,
  ...blocks.map(([size, channels, outChannels, stride]) => layer('std', size, channels, outChannels, stride)),
];

/** Every distinct layer once. */
export const distinct = [
  ...new Map(
    [...separable, ...standard, layer('pw', 56, 256, 256, 1), layer('std', 28, 512, 512, 1)].map(one => [
      one.name,
      one,
    ]),
  ).values(),
];

/** Seeded values: inputs in -1 .. 1, weights `[outChannels, inChannels / groups, kernel, kernel]`, biases. */
export function valuesFor({ size, inChannels, outChannels, fanIn }, seed) {
  const random = seeded(seed);
  return {
    input: Float32Array.from({ length: size * size * inChannels }, random),
    weights: Float32Array.from({ length: outChannels * fanIn }, () => random() * Math.sqrt(3 / fanIn)),
    bias: Float32Array.from({ length: outChannels }, () => random() / 4),
  };
}

function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x80000000 - 1;
  };
}
