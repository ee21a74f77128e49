import type { FreeCompute } from '../../model/layer.js';
import type { Convention, FreeOf, Rule } from './convention.js';
import {
  activationsAt,
  all,
  byForm,
  convBias,
  convUnseen,
  denseBias,
  denseUnseen,
  inputElements,
  isMethod,
  isProduct,
  nothing,
  type PerElement,
  transposedOnOutput,
} from './formulas.js';

/** Functions that are wrapped, and modules that are hooked. A module that calls a wrapped function counts in both. */
const functions: PerElement = { relu: 1, relu6: 1, elu: 1, gelu: 1, silu: 1 };
const modules: PerElement = { relu: 2, relu6: 1, elu: 2, leakyRelu: 1, gelu: 2, silu: 1 };

/** Modules of pools are hooked, and the functions that they call are wrapped. */
const pooling = byForm<FreeOf<Extract<FreeCompute['type'], 'pool' | 'adaptive-pool'>>>(
  layer => ({ pooling: 2 * inputElements(layer) }),
  layer => (isMethod(layer) ? {} : { pooling: inputElements(layer) }),
) as Rule<FreeOf<'pool'> | FreeOf<'adaptive-pool'>>;

/** ptflops with its default backend: hooks on modules, and wrappers around functions of torch.nn.functional. */
export const ptflops: Convention = {
  name: 'ptflops',
  version: '0.7.5, pytorch backend',
  terms: {
    biasAdds: '1 per output',
    batchNorm: '2 per element, modules only',
    activations: 'relu modules 2 per element, relu6 and functions 1, hardswish, hardsigmoid and sigmoid 0',
    pooling: '2 per input element of modules, 1 of functions',
    softmax: '1 per element',
    transposed: 'counted on their output',
    functions: 'convolutions and dense layers called as functions count 0',
  },
  rules: {
    conv: byForm(all(convBias, transposedOnOutput), convUnseen),
    matmul: (layer, around) => (isProduct(layer) ? {} : denseForm(layer, around)),
    'batch-norm': byForm(layer => ({ batchNorm: 2 * inputElements(layer) }), nothing),
    activation: byForm(activationsAt(modules), activationsAt(functions)),
    pool: pooling,
    'adaptive-pool': pooling,
    softmax: layer => ({ softmax: inputElements(layer) }),
  },
};

const denseForm = byForm(denseBias, denseUnseen);
