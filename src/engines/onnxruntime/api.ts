import type { Shape } from '../../model/shape.js';

/** What convcost uses of the package onnxruntime-node. */
export interface OnnxRuntime {
  readonly env: { readonly versions?: { readonly node?: string } };
  readonly InferenceSession: {
    create(model: Uint8Array | string, options: SessionOptions): Promise<Session>;
  };
  readonly Tensor: new (type: string, data: Float32Array | BigInt64Array, shape: Shape) => Tensor;
}

export interface SessionOptions {
  readonly executionProviders: readonly string[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'layout' | 'all';
  readonly logSeverityLevel: number;
  readonly enableProfiling?: boolean;
  readonly profileFilePrefix?: string;
}

export interface Session {
  readonly inputNames: readonly string[];
  run(feeds: Tensors, fetches?: Tensors): Promise<Tensors>;
  endProfiling(): void;
  release(): Promise<void>;
}

export interface Tensor {
  readonly data: ArrayLike<number | bigint>;
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** One thread, the CPU, every optimisation: what people deploy; warnings stay quiet. */
export const sessionOptions: SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};
