import { connectionsOf } from './connections.js';
import type { DType } from './dtype.js';
import type { Layer, TensorInfo } from './layer.js';
import type { ChannelOrder } from './layout.js';
import type { Shape } from './shape.js';

/** A network whose every shape is known: what sources become, and all that counting and running need. */
export interface Network {
  readonly name: string;
  /** What the user named: tokens, a path, `zoo:vgg-16`. */
  readonly source: string;
  /** `tokens`, `spec`, `zoo`, `onnx` ... */
  readonly format: string;
  readonly layout: ChannelOrder;
  readonly inputs: readonly TensorInfo[];
  /** Names of the tensors that are the network's results. */
  readonly outputs: readonly string[];
  /** In execution order. */
  readonly layers: readonly Layer[];
  readonly params: ParamStore;
  /** What was filled in or noticed, for the header: `input size 224x224 assumed`. */
  readonly notes: readonly string[];
  /** The values that its source gives for inputs, by the input's name. */
  readonly data: ReadonlyMap<string, ValueSource>;
}

/** Every stored tensor once, by name, however many layers share it. */
export type ParamStore = ReadonlyMap<string, Param>;

/** A stored tensor: weights, a bias, or a buffer. */
export interface Param {
  readonly name: string;
  /**
   * Convolutions `[outChannels, inChannels / groups, ...kernel]`, transposed ones `[inChannels,
   * outChannels / groups, ...kernel]`, dense layers `[out, in]`, as in PyTorch and ONNX; else one value a channel.
   */
  readonly shape: Shape;
  readonly dtype: DType;
  /** False for buffers (a batch norm's running mean and variance): stored, but not a learnable value. */
  readonly learned: boolean;
  readonly values: ValueSource;
}

/** Where the values of a tensor come from; nothing is read or made before `run` asks. */
export type ValueSource =
  | FillSource
  /** Flat, row-major in axes named by `layout`; `says` tells where they come from, if not from the spec. */
  | {
      readonly type: 'values';
      readonly values: ArrayLike<number>;
      readonly says?: string;
      readonly shape: Shape;
      readonly layout: string;
    }
  | { readonly type: 'file'; readonly path: string; readonly layout: string }
  /** The payload of a model file, in the param's own shape. */
  | { readonly type: 'payload'; readonly read: () => Promise<Float32Array> }
  /** The file does not hold them (counting never needs them). */
  | { readonly type: 'absent' };

/** Made from a seed and the tensor's name. With a fan-in, random values are He-normal. */
export interface FillSource {
  readonly type: 'fill';
  readonly fill: Fill;
  readonly seed: number;
  readonly fanIn?: number;
}

/** `random`: He-normal with a fan-in (weights), else standard normal (data); `ramp`: 0, 1, 2, ... */
export type Fill = 'random' | 'ramp' | 'ones' | 'zeros';
export const fills: readonly Fill[] = ['random', 'ramp', 'ones', 'zeros'];

/**
 * For a layer, the one layer that reads its output; undefined where several do, none does, or the output is
 * a result of the network.
 */
export function onlyReaders({ layers, outputs }: Network): (layer: Layer) => Layer | undefined {
  const { readersOf } = connectionsOf({ layers });
  return layer => {
    const name = layer.outputs[0]?.name;
    const all = name === undefined || outputs.includes(name) ? [] : readersOf(name);
    return all.length === 1 ? all[0] : undefined;
  };
}
