import type { Activation, ActivationName } from '../../model/activation.js';
import type { ModelBuilder } from './model-builder.js';

type Emit = (model: ModelBuilder, x: string, parameters: Activation['parameters']) => string;

/** Every activation in the operators of ONNX. */
const emitters: Readonly<Record<ActivationName, Emit>> = {
  none: (_, x) => x,
  relu: (model, x) => model.apply('Relu', [x]),
  relu6: (model, x) => clip(model, x, 0, 6),
  reluN1To1: (model, x) => clip(model, x, -1, 1),
  leakyRelu: (model, x, { alpha }) => model.apply('LeakyRelu', [x], { alpha: { float: alpha! } }),
  elu: (model, x, { alpha }) => model.apply('Elu', [x], { alpha: { float: alpha! } }),
  clamp: (model, x, { min, max }) => clip(model, x, min!, max!),
  sigmoid: (model, x) => model.apply('Sigmoid', [x]),
  tanh: (model, x) => model.apply('Tanh', [x]),
  silu: (model, x) => model.apply('Mul', [x, model.apply('Sigmoid', [x])]),
  hardSigmoid: (model, x, { alpha, beta }) =>
    model.apply('HardSigmoid', [x], { alpha: { float: alpha! }, beta: { float: beta! } }),
  hardswish: (model, x) => model.apply('HardSwish', [x]),
  gelu: (model, x) => model.apply('Gelu', [x]),
  softplus: (model, x) => model.apply('Softplus', [x]),
  mish: (model, x) => model.apply('Mish', [x]),
};

const clip = (model: ModelBuilder, x: string, min: number, max: number): string =>
  model.apply('Clip', [x, model.scalar(min), model.scalar(max)]);

export const emitActivation = (model: ModelBuilder, x: string, { name, parameters }: Activation): string =>
  emitters[name](model, x, parameters);
