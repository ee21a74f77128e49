import { activationFunction } from '../../model/activation.js';
import type { Kernel, MatmulProblem, PreparedKernel } from '../engine.js';

/** A dense layer, `[m, k]` by weights `[n, k]`; or a product of two inputs, `[batch, m, k]` by `[batch, k, n]`. */
export const referenceMatmul: Kernel = {
  name: 'reference-matmul',
  supports: problem => problem.kind === 'matmul',
  prepare: (problem, weights) => prepareMatmul(problem as MatmulProblem, weights),
};

function prepareMatmul(
  { product: { batch, m, k, n }, weights: isDense, activation }: MatmulProblem,
  [weights, bias]: readonly Float32Array[],
): PreparedKernel {
  const activate = activationFunction(activation);
  // Where the right side stands in memory: rows of k for weights, columns of n for an input.
  const [strideK, strideN] = isDense ? [1, k] : [n, 1];
  let multiplies = 0;
  return {
    run([left, other], output) {
      const right = isDense ? weights! : other!;
      multiplies = 0;
      for (let b = 0; b < batch; b++) {
        for (let row = 0; row < m; row++) {
          for (let column = 0; column < n; column++) {
            let sum = 0;
            for (let i = 0; i < k; i++) {
              sum += left![(b * m + row) * k + i]! * right[b * k * n + i * strideK + column * strideN]!;
              multiplies++;
            }
            output[(b * m + row) * n + column] = activate(sum + (bias?.[column] ?? 0));
          }
        }
      }
    },
    multiplies: () => multiplies,
  };
}
