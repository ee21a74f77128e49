import type { Kernel } from '../engine.js';
import type { Algorithm } from './algorithms.js';
import { convKernel, pointwiseKernel } from './conv-gemm.js';
import { depthwiseKernels } from './depthwise.js';
import { matmulKernel } from './matmul.js';
import type { Runtime } from './runtime.js';
import { fusedSeparableKernel, twoStepSeparableKernel } from './separable.js';
import { transposedKernel } from './transposed.js';
import { accurateWinogradKernel, winogradKernel } from './winograd.js';

/**
 * Every kernel, in order of preference: the first that takes a problem runs it. To add one, add it here; the
 * agreement tests then include it.
 */
export function wasmKernels(runtime: Runtime, algorithm: Algorithm): readonly Kernel[] {
  const direct = convKernel(runtime);
  const convolutions: readonly Kernel[] = [
    pointwiseKernel(runtime),
    ...depthwiseKernels(runtime),
    ...winogradKernels[algorithm](runtime, direct),
    direct,
  ];
  return [
    ...convolutions,
    transposedKernel(runtime),
    fusedSeparableKernel(runtime),
    twoStepSeparableKernel(runtime, convolutions),
    matmulKernel(runtime),
  ];
}

const winogradKernels: Readonly<Record<Algorithm, (runtime: Runtime, direct: Kernel) => readonly Kernel[]>> =
  {
    auto: (runtime, direct) => [
      accurateWinogradKernel(runtime, 4, direct),
      accurateWinogradKernel(runtime, 2, direct),
    ],
    direct: () => [],
    'winograd-2': runtime => [winogradKernel(runtime, 2)],
    'winograd-4': runtime => [winogradKernel(runtime, 4)],
    'winograd-6': runtime => [winogradKernel(runtime, 6)],
  };
