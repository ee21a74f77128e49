import type { Engine, Kernel } from '../engine.js';
import { createReferenceEngine } from '../reference/index.js';
import type { Algorithm } from './algorithms.js';
import { convKernel, pointwiseKernel } from './conv-gemm.js';
import { depthwiseKernels } from './depthwise.js';
import { matmulKernel } from './matmul.js';
import { Runtime } from './runtime.js';
import { fusedSeparableKernel, twoStepSeparableKernel } from './separable.js';
import { transposedKernel } from './transposed.js';
import { chooseTuning } from './tuning.js';
import { accurateWinogradKernel, winogradKernel } from './winograd.js';

export interface WasmEngineOptions {
  readonly algorithm?: Algorithm;
}

export { type Algorithm, algorithms } from './algorithms.js';

export interface WasmEngine extends Engine {
  /** Bytes of WebAssembly memory that are in use: arrays, packed weights and scratch. */
  memoryBytes(): number;
}

const winogradChoice: Readonly<Record<Algorithm, (runtime: Runtime, direct: Kernel) => readonly Kernel[]>> = {
  auto: (runtime, direct) => [
    accurateWinogradKernel(runtime, 4, direct),
    accurateWinogradKernel(runtime, 2, direct),
  ],
  direct: () => [],
  'winograd-2': runtime => [winogradKernel(runtime, 2)],
  'winograd-4': runtime => [winogradKernel(runtime, 4)],
  'winograd-6': runtime => [winogradKernel(runtime, 6)],
};

export async function createWasmEngine({ algorithm = 'auto' }: WasmEngineOptions = {}): Promise<WasmEngine> {
  const runtime = new Runtime({ tuning: chooseTuning()! });
  const direct = convKernel(runtime);
  const convolutions: readonly Kernel[] = [
    pointwiseKernel(runtime),
    ...depthwiseKernels(runtime),
    ...winogradChoice[algorithm](runtime, direct),
    direct,
  ];
  const kernels: readonly Kernel[] = [
    ...convolutions,
    transposedKernel(runtime),
    fusedSeparableKernel(runtime),
    twoStepSeparableKernel(runtime, convolutions),
    matmulKernel(runtime),
    ...createReferenceEngine().kernels,
  ];
  return {
    name: 'wasm',
    kernels,
    allocate: length => runtime.arena.floats(runtime.arena.reserve(length * 4), length),
    memoryBytes: () => runtime.arena.usedBytes,
    close: () => runtime.close(),
  };
}
