import type { Engine } from '../engine.js';
import { type PaddingTaps, referenceConv } from './conv.js';
import { referenceFree } from './free.js';
import { referenceMatmul } from './matmul.js';
import { referenceSeparable } from './separable.js';
import { referenceWinograd } from './winograd.js';

/**
 * The definition of every layer, in plain TypeScript: what fast engines must agree with. Its kernels count
 * their multiplications; with `paddingTaps: 'multiply'` they do those on padding too, as the dense count.
 */
export const createReferenceEngine = (paddingTaps: PaddingTaps = 'skip'): Engine => ({
  name: 'reference',
  notes: [],
  foldsElementwise: false,
  kernels: [
    referenceConv(paddingTaps),
    referenceSeparable(paddingTaps),
    referenceMatmul,
    referenceFree,
    // Never the first that supports a problem: for who asks for them by name.
    referenceWinograd(2),
    referenceWinograd(4),
  ],
  allocate: length => new Float32Array(length),
  close: async () => {},
});
