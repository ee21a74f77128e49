import { exactProduct, exactSum } from '../model/exact.js';
import type { MatmulProduct } from '../model/layer.js';

/** batch * m * k * n, over every product of the layer. */
export const matmulMacs = (products: readonly MatmulProduct[]): number =>
  exactSum(
    'macs',
    products.map(({ batch, m, k, n }) => exactProduct('macs', [batch, m, k, n])),
  );

/** One add for every value that comes out. */
export const matmulBiasAdds = (products: readonly MatmulProduct[]): number =>
  exactSum(
    'bias adds',
    products.map(({ batch, m, n }) => exactProduct('bias adds', [batch, m, n])),
  );
