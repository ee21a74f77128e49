import type { Shape } from '../../model/shape.js';

/** What convcost uses of the package @tensorflow/tfjs-core. */
export interface TensorFlow {
  readonly version_core: string;
  env(): { set(flag: string, value: boolean): void };
  enableProdMode(): void;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  tensor(values: Float32Array, shape: Shape): Tensor;
  conv2dTranspose(
    x: Tensor,
    filter: Tensor,
    outputShape: Shape,
    strides: readonly [number, number],
    pad: ConvOptions['pad'],
  ): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  relu(x: Tensor): Tensor;
  relu6(x: Tensor): Tensor;
  sigmoid(x: Tensor): Tensor;
  leakyRelu(x: Tensor, alpha: number): Tensor;
  tidy(work: () => Tensor): Tensor;
  readonly fused: {
    conv2d(options: ConvOptions): Tensor;
    depthwiseConv2d(options: ConvOptions): Tensor;
    matMul(options: MatMulOptions): Tensor;
  };
}

/** Of the package @tensorflow/tfjs-backend-wasm. */
export interface WasmBackend {
  setWasmPaths(folder: string): void;
}

export interface Tensor {
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

export interface FusedOptions {
  readonly bias?: Tensor;
  readonly activation: FusedActivation;
  readonly leakyreluAlpha?: number;
}

export type FusedActivation = 'linear' | 'relu' | 'relu6' | 'sigmoid' | 'leakyrelu';

export interface ConvOptions extends FusedOptions {
  readonly x: Tensor;
  readonly filter: Tensor;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pad: 'same' | 'valid' | ExplicitPadding;
}

/** Begin and end of each axis: batch, height, width, channels. */
export type ExplicitPadding = readonly (readonly [number, number])[];

export interface MatMulOptions extends FusedOptions {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly transposeB: boolean;
}
