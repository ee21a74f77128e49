import { exactProduct, exactSum } from '../model/exact.js';
import type { MatmulProduct } from '../model/layer.js';

/** One add for every value that comes out. */
export const matmulBiasAdds = (products: readonly MatmulProduct[]): number =>
  exactSum(
    'bias adds',
    products.map(({ batch, m, n }) => exactProduct('bias adds', [batch, m, n])),
  );
