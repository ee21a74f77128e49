import { exactProduct } from '../../model/exact.js';
import { toFeatureMap } from '../../model/layout.js';
import type { Convention } from './convention.js';
import {
  byForm,
  convUnseen,
  denseUnseen,
  inputElements,
  isAverage,
  isProduct,
  nothing,
  outputElements,
  transposedOnOutput,
} from './formulas.js';

/** THOP: a hook on every module, from a table by the module's type. What is called as a function is not seen. */
export const thop: Convention = {
  name: 'thop',
  version: '43c064a',
  terms: {
    batchNorm: '4 per element',
    adaptivePooling: 'window + 1 per output of averages, modules only',
    pooling: '1 per output of averages, modules only',
    softmax: '3n - 1 for a row of n, modules only',
    transposed: 'counted on their output',
    functions: 'count 0',
  },
  rules: {
    conv: byForm(transposedOnOutput, convUnseen),
    matmul: (layer, around) => (isProduct(layer) ? denseUnseen(layer, around) : denseForm(layer, around)),
    'batch-norm': byForm(layer => ({ batchNorm: 4 * inputElements(layer) }), nothing),
    'adaptive-pool': byForm(layer => {
      if (!isAverage(layer.compute)) return {};
      const { input, outputSizes } = layer.compute;
      const window = input.sizes.reduce((product, size, axis) => (product * size) / outputSizes[axis]!, 1);
      return { adaptivePooling: Math.trunc((window + 1) * outputElements(layer)) };
    }, nothing),
    pool: byForm(layer => (isAverage(layer.compute) ? { pooling: outputElements(layer) } : {}), nothing),
    softmax: byForm((layer, { network }) => {
      const { channels, batch, sizes } = toFeatureMap(layer.inputs[0]!.shape, network.layout);
      return { softmax: exactProduct('softmax', [batch, ...sizes, 3 * channels - 1]) };
    }, nothing),
  },
};

const denseForm = byForm(nothing, denseUnseen);
