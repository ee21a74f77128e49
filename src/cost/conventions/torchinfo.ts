import type { MatmulLayer } from '../../model/layer.js';
import { toFeatureMap } from '../../model/layout.js';
import { matmulMacs } from '../../model/macs.js';
import type { Convention, Rule } from './convention.js';
import {
  all,
  byForm,
  convBias,
  convUnseen,
  denseUnseen,
  isProduct,
  nothing,
  transposedOnOutput,
} from './formulas.js';

const imagesOf = ({ outputs }: { readonly outputs: MatmulLayer['outputs'] }): number =>
  outputs[0]?.shape[0] ?? 1;

/** The weights of a dense layer once for each image, however many rows an image has. */
const denseByParams: Rule<MatmulLayer> = layer => {
  const { products, bias } = layer;
  const images = imagesOf(layer);
  const counted = products.reduce((sum, { k, n }) => sum + images * k * n, 0);
  return {
    dense: counted - matmulMacs(products),
    ...(bias && { biasAdds: products.reduce((sum, { n }) => sum + images * n, 0) }),
  };
};

/** torchinfo: every parameter of a module times the positions that it is used at; what has no parameters counts 0. */
export const torchinfo: Convention = {
  name: 'torchinfo',
  version: '5c4164f',
  terms: {
    biasAdds: '1 per output',
    batchNorm: '2 per channel and image',
    transposed: 'counted on their output',
    dense: 'their weights once an image',
    functions: 'count 0',
  },
  rules: {
    conv: byForm(all(convBias, transposedOnOutput), convUnseen),
    matmul: (layer, around) => (isProduct(layer) ? denseUnseen(layer, around) : denseForm(layer, around)),
    'batch-norm': byForm((layer, { network }) => {
      const { batch, channels } = toFeatureMap(layer.outputs[0]!.shape, network.layout);
      return { batchNorm: 2 * batch * channels };
    }, nothing),
  },
};

const denseForm = byForm(denseByParams, denseUnseen);
