import type { Convention } from './convention.js';
import { convBias, denseBias } from './formulas.js';

/** ptflops with its aten backend: it watches the operators that PyTorch dispatches, whoever calls them. */
export const ptflopsAten: Convention = {
  name: 'ptflops-aten',
  version: '0.7.5, aten backend',
  terms: { biasAdds: '1 per output' },
  rules: { conv: convBias, matmul: denseBias },
};
