import type { Kernel, MatmulProblem, PreparedKernel, ProblemWeights } from '../engine.js';
import { fuseActivation } from './clamp.js';
import { planMatrix } from './conv-gemm.js';
import { emitGemm, gemmItems, gemmTile, gemmTileName, gemmWeightFloats, packGemmWeights } from './gemm.js';
import { nothingToRun } from './problems.js';
import type { Runtime } from './runtime.js';

/** A dense layer: `[m, k]` by stored weights `[n, k]`. */
export const matmulKernel = (runtime: Runtime): Kernel => ({
  name: `f32-gemm-${gemmTileName(runtime.tuning)}-wasmsimd`,
  supports: problem => problem.kind === 'matmul' && problem.weights && problem.product.batch === 1,
  prepare: (problem, weights) => prepareMatmul(runtime, problem as MatmulProblem, weights),
});

function prepareMatmul(
  runtime: Runtime,
  { product, activation }: MatmulProblem,
  weights: ProblemWeights,
): PreparedKernel {
  const { arena, tuning } = runtime;
  const { m, k, n } = product;
  if (m === 0) return nothingToRun;
  const { clamp, after } = fuseActivation(activation);
  const { shape, rowTable, layout } = planMatrix(m, k, n, { ...gemmTile(tuning), bias: true, clamp });
  const launch = runtime.compile({ matmul: shape }, m * k * n, module => emitGemm(module, 'product', shape))(
    'product',
  );

  const floats = gemmWeightFloats(shape);
  const packed = arena.reserve(floats * 4);
  packGemmWeights(shape, layout, weights, arena.floats(packed, floats));
  const table = arena.place(rowTable);
  return {
    run([input], output) {
      launch(gemmItems(shape), arena.addressOf(input!), packed, arena.addressOf(output), table);
      after?.(output);
    },
  };
}
