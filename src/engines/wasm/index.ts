import type { Engine, Kernel } from '../engine.js';
import { createReferenceEngine } from '../reference/index.js';
import { convKernel, pointwiseKernel } from './conv-gemm.js';
import { depthwiseKernels } from './depthwise.js';
import { matmulKernel } from './matmul.js';
import { Runtime } from './runtime.js';
import { transposedKernel } from './transposed.js';
import { chooseTuning } from './tuning.js';

export async function createWasmEngine(): Promise<Engine> {
  const runtime = new Runtime({ tuning: chooseTuning()! });
  const kernels: readonly Kernel[] = [
    pointwiseKernel(runtime),
    ...depthwiseKernels(runtime),
    convKernel(runtime),
    transposedKernel(runtime),
    matmulKernel(runtime),
    ...createReferenceEngine().kernels,
  ];
  return {
    name: 'wasm',
    kernels,
    allocate: length => runtime.arena.floats(runtime.arena.reserve(length * 4), length),
    close: () => runtime.close(),
  };
}
