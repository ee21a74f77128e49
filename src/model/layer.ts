import type { Activation } from './activation.js';
import type { ConvGeometry } from './conv.js';
import type { DType } from './dtype.js';
import type { FeatureMap } from './layout.js';
import type { Shape } from './shape.js';
import type { PaddingMode, WindowAxis } from './window.js';

/** A value that flows between layers. Layers are connected by tensor names. */
export interface TensorInfo {
  readonly name: string;
  /** In the network's own axis order, batch included. */
  readonly shape: Shape;
  readonly dtype: DType;
}

/** PyTorch's three spellings: `nn.ReLU()`, `F.relu(x)`, and what a tensor does itself, `x.mean([2, 3])`. */
export const layerForms = ['module', 'function', 'method'] as const;
export type LayerForm = (typeof layerForms)[number];

interface LayerBase {
  readonly name: string;
  /** The source's own word: `dw` of a token, `Conv` of ONNX. */
  readonly op: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Names into the network's params, in the order weight, bias, then what else the layer stores. */
  readonly params: readonly string[];
  /** How the original network spells the layer; some peers see modules only. Absent: a module. */
  readonly form?: LayerForm;
}

/** Standard, grouped, depthwise, pointwise and transposed convolutions: one kind, one formula. */
export interface ConvLayer extends LayerBase {
  readonly kind: 'conv';
  readonly geometry: ConvGeometry;
  readonly bias: boolean;
  /** Applied after the bias; `none` where there is none. */
  readonly activation: Activation;
  readonly dtype: DType;
}

/** One matrix product: `batch` times an `m x k` by a `k x n` matrix. */
export interface MatmulProduct {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** Dense layers, Gemm, attention, recurrent cells: one or more matrix products. */
export interface MatmulLayer extends LayerBase {
  readonly kind: 'matmul';
  readonly products: readonly MatmulProduct[];
  readonly bias: boolean;
  readonly activation: Activation;
  readonly dtype: DType;
}

/** Costs no multiplies by convention; keeps what it does, so that `run` can execute it. */
export interface FreeLayer extends LayerBase {
  readonly kind: 'free';
  readonly compute: FreeCompute;
}

/** An op that is not understood, or whose shapes are not known: never silently zero. */
export interface UnknownLayer extends LayerBase {
  readonly kind: 'unknown';
  readonly reason: string;
}

export type Layer = ConvLayer | MatmulLayer | FreeLayer | UnknownLayer;
export type LayerKind = Layer['kind'];

/** A sliding window without weights. `axes` as in a convolution. */
export interface PoolGeometry {
  readonly batch: number;
  readonly channels: number;
  readonly padding: PaddingMode;
  /** Whether a last partial window is kept (PyTorch's `ceil_mode`). */
  readonly ceil: boolean;
  readonly axes: readonly WindowAxis[];
}

/** What a free layer does to its inputs. Channels are meant wherever an axis is not named. */
export type FreeCompute =
  | { readonly type: 'activation'; readonly activation: Activation }
  | {
      readonly type: 'pool';
      readonly mode: 'max' | 'avg';
      readonly geometry: PoolGeometry;
      readonly countPadding: boolean;
    }
  | {
      readonly type: 'adaptive-pool';
      readonly mode: 'max' | 'avg';
      readonly input: FeatureMap;
      readonly outputSizes: Shape;
    }
  | { readonly type: 'add' | 'mul' }
  | { readonly type: 'concat' }
  | { readonly type: 'batch-norm'; readonly epsilon: number }
  | { readonly type: 'channel-slice'; readonly start: number; readonly end: number }
  | { readonly type: 'channel-shuffle'; readonly groups: number }
  | { readonly type: 'flatten' }
  | { readonly type: 'softmax' }
  | { readonly type: 'identity' }
  /** Known to cost no multiplies, not executable here: data movement, or element-wise (then it runs in place). */
  | { readonly type: 'other'; readonly elementwise: boolean };

const inPlace: Record<FreeCompute['type'], boolean> = {
  activation: true,
  pool: false,
  'adaptive-pool': false,
  add: true,
  mul: true,
  concat: false,
  'batch-norm': true,
  'channel-slice': false,
  'channel-shuffle': false,
  flatten: true,
  softmax: true,
  identity: true,
  other: false,
};

/** Whether the layer may write over its input: element-wise layers need no memory of their own. */
export const runsInPlace = (layer: Layer): boolean =>
  layer.kind === 'free' &&
  (layer.compute.type === 'other' ? layer.compute.elementwise : inPlace[layer.compute.type]);
