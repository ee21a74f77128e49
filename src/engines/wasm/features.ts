import type { Arithmetic } from './assembler/function.js';
import { ModuleBuilder } from './assembler/module.js';
import { f32x4 } from './assembler/values.js';
import { webAssembly } from './web-assembly.js';

/** Whether the runtime accepts a module that adds a product of vectors, computed in this way. */
export function hasArithmetic(arithmetic: Arithmetic): boolean {
  const probe = new ModuleBuilder({ arithmetic, memory: { shared: false, maximumPages: 1 } });
  probe.define('probe', [], f => f.accumulate(f.vector(), f32x4.splat(1), f32x4.splat(2)));
  return webAssembly?.validate(probe.toBytes()) ?? false;
}

/**
 * The fused instruction where the runtime has it (Node 22 and later, and current browsers), else multiply
 * and add; undefined without SIMD. Fused was the faster one in every runtime that has it (docs/kernels.md).
 */
export const bestArithmetic = (): Arithmetic | undefined =>
  (['relaxed-madd', 'mul-add'] as const).find(hasArithmetic);
