import { exactProduct } from '../../model/exact.js';
import type { ConvLayer, FreeLayer, Layer } from '../../model/layer.js';
import { convMacs } from '../../model/macs.js';
import { convBiasAdds } from '../conv.js';
import type { Convention, Rule, Surroundings } from './convention.js';
import { activationsAt, all, denseBias, inputElements, isMethod, outputElements } from './formulas.js';

/** Its price of one operation. */
const add = 1;
const multiply = 1;
const compare = 1;
const divide = 4;
const squareRoot = 24;
const exponential = 32;

const clip = 2 * compare;
const hardSigmoid = multiply + add + 2 * compare;
const sigmoid = exponential;
const tanh = 2 * (exponential + 2 * add + divide);

/** By operator of ONNX. */
const others: Readonly<Record<string, number>> = {
  Sub: add,
  Neg: compare,
  Abs: compare,
  Min: compare,
  Max: add,
  Div: divide,
  Sqrt: squareRoot,
  Exp: exponential,
  Pow: exponential,
  Log: 43,
};

/** A convolution without a batch norm keeps its own bias; folding one in gives it a bias. */
const isFolded = (conv: Layer, { readersOf }: Surroundings): boolean => {
  const readers = readersOf(conv.outputs[0]?.name ?? '');
  const [only] = readers;
  return readers.length === 1 && only?.kind === 'free' && only.compute.type === 'batch-norm';
};

const convBias: Rule<ConvLayer> = (layer, around) =>
  layer.bias || isFolded(layer, around) ? { biasAdds: convBiasAdds(layer.geometry) } : {};

/** It multiplies outputs with the size of one filter of an ONNX weight, whose first axis is then the input's. */
const transposed: Rule<ConvLayer> = ({ geometry }) => {
  if (!geometry.transposed) return {};
  const { outChannels, groups, axes } = geometry;
  const filter = exactProduct('filter', [outChannels / groups, ...axes.map(axis => axis.kernel)]);
  return { transposed: convBiasAdds(geometry) * filter - convMacs(geometry) };
};

/** Value by value: one operation for every input after the first. */
const joined = (layer: FreeLayer): number => Math.max(1, layer.inputs.length - 1) * outputElements(layer);

/**
 * onnx-tool sees the ONNX file that PyTorch exports: batch norm is folded into the convolution before it,
 * and activations are what they are exported as (silu: Sigmoid and Mul).
 */
export const onnxTool: Convention = {
  name: 'onnx-tool',
  version: '00f5f0a',
  terms: {
    biasAdds: '1 per output; a convolution with a batch norm folded in has a bias',
    batchNorm: '31 per element where it cannot be folded into a convolution',
    activations:
      'per element: Relu 1, Clip 2, LeakyRelu 2, HardSigmoid 4, HardSwish 5, Sigmoid 32, silu 33, Tanh 76',
    softmax: '36 per element',
    pooling: 'window per output',
    adaptivePooling: 'global: h * w + 4 per output; else the window',
    additions: '1 per output',
    multiplications: '1 per output',
    elementwise: 'per output: Sub, Neg, Abs 1, Div 4, Sqrt 24, Exp, Pow 32, Log 43',
    transposed: 'outputs times the size of one exported filter',
  },
  rules: {
    conv: all(convBias, transposed),
    matmul: denseBias,
    'batch-norm': (layer, around) => {
      const writer = around.writerOf(layer.inputs[0]?.name ?? '');
      if (writer?.kind === 'conv' && isFolded(writer, around)) return {};
      return { batchNorm: (2 * add + squareRoot + divide + multiply) * outputElements(layer) };
    },
    activation: activationsAt({
      relu: compare,
      relu6: clip,
      reluN1To1: clip,
      clamp: clip,
      leakyRelu: multiply + compare,
      sigmoid,
      tanh,
      silu: sigmoid + multiply,
      hardSigmoid,
      hardswish: hardSigmoid + multiply,
      // Div, Erf (0), Add, Mul, Mul.
      gelu: divide + add + 2 * multiply,
    }),
    softmax: layer => ({ softmax: (exponential + divide) * outputElements(layer) }),
    pool: layer => {
      // Of three axes it reads the first alone.
      const { axes } = layer.compute.geometry;
      const window = axes
        .slice(0, axes.length > 2 ? 1 : 2)
        .reduce((product, axis) => product * axis.kernel, 1);
      return { pooling: window * outputElements(layer) };
    },
    'adaptive-pool': layer => {
      // A tensor's own mean is a ReduceMean, without the division.
      const isGlobal = layer.compute.outputSizes.every(size => size === 1) && !isMethod(layer);
      return { adaptivePooling: inputElements(layer) + (isGlobal ? divide * outputElements(layer) : 0) };
    },
    add: layer => ({ additions: add * joined(layer) }),
    mul: layer => ({ multiplications: multiply * joined(layer) }),
    // What a model file has and no kernel here runs, a product of unlike shapes too.
    other: layer => {
      const { op } = layer;
      if (op === 'Add' || op === 'Sum') return { additions: add * joined(layer) };
      if (op === 'Mul') return { multiplications: multiply * joined(layer) };
      if (op === 'ReduceMean') return { adaptivePooling: inputElements(layer) };
      return Object.hasOwn(others, op) ? { elementwise: others[op]! * joined(layer) } : {};
    },
  },
};
