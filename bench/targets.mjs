// What convcost's kernels must reach, as ratios to peers and to the limit of the machine in the same run.

/** For each peer: by kind of layer, how many times faster every layer must be. */
export const layerTargets = {
  'tfjs-wasm': { pw: 1.3, dw: 2.5, std: 3, 'std s2': 1.5 },
  'onnxruntime-web': { pw: 1.7, dw: 6 },
  'onnxruntime-node': { dw: 2, std: 0.9 },
};

/** Share of the peak of the vector unit. */
export const limitTargets = { pw: 0.88, dw: 0.7 };

/** Bytes of input and output below which a depthwise layer fits in the cache. */
export const cacheBytes = 512 * 1024;

export const networkTargets = {
  'tfjs-wasm': { separable: 1.4, standard: 2.7 },
  'onnxruntime-web': { separable: 2, standard: 3.3 },
  'onnxruntime-node': { separable: 0.3, standard: 0.5 },
};

export const kindOf = ({ kind, stride }) => (kind === 'std' && stride === 2 ? 'std s2' : kind);
