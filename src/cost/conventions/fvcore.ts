import { convMacs } from '../../model/macs.js';
import type { Convention } from './convention.js';
import { inputElements, isAverage, isMethod } from './formulas.js';

/**
 * fvcore's FlopCountAnalysis: a table from traced operators to formulas, so it does not matter whether a
 * layer is a module or a function. Its flop is one multiply-add.
 */
export const fvcore: Convention = {
  name: 'fvcore',
  version: '3378afe',
  terms: {
    batchNorm: '2 per element',
    adaptivePooling: '1 per input element, of averages over two axes',
    stringPadding: 'a convolution with padding="same" or "valid" is not understood, and counts 0',
  },
  rules: {
    conv: ({ geometry }, { network }) =>
      network.format === 'pytorch' && geometry.padding !== 'explicit'
        ? { stringPadding: -convMacs(geometry) }
        : {},
    'batch-norm': layer => ({ batchNorm: 2 * inputElements(layer) }),
    'adaptive-pool': layer =>
      isAverage(layer.compute) && layer.compute.outputSizes.length === 2 && !isMethod(layer)
        ? { adaptivePooling: inputElements(layer) }
        : {},
  },
};
