import type { Activation } from '../model/activation.js';
import type { ConvGeometry } from '../model/conv.js';
import type { FreeCompute, MatmulProduct } from '../model/layer.js';
import type { Shape } from '../model/shape.js';

/**
 * What a kernel is asked to compute. Feature maps are float32 and channels-last, `[batch, ...sizes,
 * channels]`; whoever calls an engine brings values into this order at the door.
 */
export type Problem = ConvProblem | SeparableProblem | MatmulProblem | FreeProblem;

/** A convolution: weights `[outChannels, inChannels / groups, ...kernel]`, a bias of `[outChannels]` where it has one. */
export interface ConvProblem {
  readonly kind: 'conv';
  readonly geometry: ConvGeometry;
  readonly bias: boolean;
  readonly activation: Activation;
}

/** A depthwise convolution and the pointwise one that follows it, in one pass. */
export interface SeparableProblem {
  readonly kind: 'separable';
  readonly depthwise: ConvProblem;
  readonly pointwise: ConvProblem;
}

/** A dense layer: `[m, k]` by weights `[n, k]`. Without weights: two inputs, `[batch, m, k]` by `[batch, k, n]`. */
export interface MatmulProblem {
  readonly kind: 'matmul';
  readonly product: MatmulProduct;
  readonly weights: boolean;
  readonly bias: boolean;
  readonly activation: Activation;
}

/** A layer without multiplies; shapes channels-last. */
export interface FreeProblem {
  readonly kind: 'free';
  readonly compute: FreeCompute;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/**
 * The stored values of a problem, by place: conv and matmul `[weight, bias?]`, separable `[depthwise
 * weight, bias?, pointwise weight, bias?]`, batch norm `[scale, shift, mean, variance]`. Convolution weights
 * have the shape of `convWeightShape`.
 */
export type ProblemWeights = readonly Float32Array[];

/** The values of each step of a separable problem. */
export function separableWeights(
  { depthwise }: SeparableProblem,
  weights: ProblemWeights,
): readonly [depthwise: ProblemWeights, pointwise: ProblemWeights] {
  const count = depthwise.bias ? 2 : 1;
  return [weights.slice(0, count), weights.slice(count)];
}

/** One way to compute a kind of problem. */
export interface Kernel {
  /** Engine, algorithm, tile: `reference-conv`, `f32-gemm-2x16-wasmsimd`. */
  readonly name: string;
  supports(problem: Problem): boolean;
  /** Packs weights, compiles, allocates: everything that the clock should not see. */
  prepare(problem: Problem, weights: ProblemWeights): PreparedKernel;
}

/** A kernel for one problem, with its weights. */
export interface PreparedKernel {
  /** Computes `output` from `inputs`; arrays come from the engine's `allocate`. What the clock sees. */
  run(inputs: readonly Float32Array[], output: Float32Array): void | Promise<void>;
  /** What of preparing takes its time elsewhere; the first run waits for it. */
  readonly ready?: Promise<void>;
  /**
   * Computes again what the last run did, without bringing values into the kernel's own order of axes and
   * back: what the clock sees in place of `run`, where there is such an order.
   */
  again?(): void | Promise<void>;
  /** The kernel that runs, where preparing chose another one than was asked. */
  readonly kernel?: string;
  /** Multiplications that the last run did, where the kernel counts them. */
  readonly multiplies?: () => number;
}

/** What runs networks: a set of kernels and the memory that they share. `close()` it after use. */
export interface Engine {
  readonly name: string;
  /** What the runtime does not have, and what that means; for the user to read. */
  readonly notes: readonly string[];
  /** Whether batch norm and activation layers behind a convolution are run as a part of it. */
  readonly foldsElementwise: boolean;
  /** In order of preference: the first that supports a problem runs it. */
  readonly kernels: readonly Kernel[];
  /** An activation buffer of `length` float32 values, in memory that the kernels can reach. */
  allocate(length: number): Float32Array;
  /** Ends workers and frees memory. */
  close(): Promise<void>;
}
