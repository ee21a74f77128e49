import type { Place } from '../errors.js';
import type { Activation } from '../model/activation.js';
import type { LayerForm } from '../model/layer.js';
import type { ChannelOrder } from '../model/layout.js';
import type { Fill } from '../model/network.js';
import type { Shape } from '../model/shape.js';
import type { Padding, PerAxis } from '../model/window.js';
import type { OpName } from './ops.js';

/**
 * A layer as written, whatever the notation: tokens, spec files, pasted text and the zoo all become this.
 * Sizes are not known yet and nothing is checked but the form; `buildNetwork` does the rest.
 */
export interface LayerSpec {
  readonly op: OpName;
  readonly name?: string;
  /** Names of what it reads; absent: the layer before. */
  readonly from?: readonly string[];
  /** Written input channels: checked against what flows in. */
  readonly in?: number;
  readonly out?: number;
  readonly kernel?: PerAxis;
  readonly stride?: PerAxis;
  readonly padding?: Padding;
  readonly dilation?: PerAxis;
  readonly groups?: number;
  /** Output channels per input channel of a depthwise convolution. */
  readonly multiplier?: number;
  /** `t` of an inverted residual. */
  readonly expansion?: number;
  /** Blocks: the channels inside, in place of an expansion; squeeze-and-excitation by this part of the input channels. */
  readonly hidden?: number;
  readonly squeeze?: number;
  /** Blocks: whether the input is added where shapes allow. */
  readonly skips?: boolean;
  readonly repeat?: number;
  readonly bias?: boolean;
  readonly activation?: Activation;
  readonly outputPadding?: PerAxis;
  readonly outputShape?: Shape;
  readonly weights?: ValuesSpec;
  readonly biasValues?: readonly number[];
  /** Pools: keep a last partial window; count padding in an average. */
  readonly ceil?: boolean;
  readonly countPadding?: boolean;
  readonly epsilon?: number;
  /** `slice`: the channels from `start` up to, not including, `end`. */
  readonly start?: number;
  readonly end?: number;
  /** `adaptivepool`: output sizes. */
  readonly size?: PerAxis;
  /** `unknown`: what it is called in the source, and why its cost is not known. */
  readonly word?: string;
  readonly reason?: string;
  /** How the original spells it; some peers see modules only. */
  readonly form?: LayerForm;
  readonly place?: Place;
  /** Where each of these fields was written. */
  readonly places?: Readonly<Record<string, Place>>;
}

/** Values as written. Without a shape, the layer says how many there must be. */
export type ValuesSpec =
  | { readonly values: readonly number[]; readonly shape?: Shape; readonly layout?: string }
  | { readonly file: string; readonly layout?: string }
  | { readonly fill: Fill; readonly seed: number };

/** Sizes alone or with channels, as many as were written; or a shape whose axes are named. */
export type InputSpec =
  | { readonly numbers: readonly number[]; readonly place?: Place }
  | { readonly shape: Shape; readonly layout: string; readonly place?: Place };

/** Values for an input, and the shape of that input where it is written here. */
export interface DataSpec {
  readonly shape?: Shape;
  /** Axes of shape and values, for example NHWC; absent: channels last. */
  readonly layout?: string;
  readonly values: ValuesSpec;
  readonly place?: Place;
}

/** A network as written. */
export interface NetworkSpec {
  readonly name?: string;
  readonly input?: InputSpec;
  readonly data?: DataSpec;
  /** Further inputs, by the name under which layers read them. */
  readonly inputs?: ReadonlyMap<string, DataSpec>;
  readonly layers: readonly LayerSpec[];
  /** The axis order in which the network's shapes are shown; absent: channels last. */
  readonly order?: ChannelOrder;
  readonly notes?: readonly string[];
}
