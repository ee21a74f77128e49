import { ConvcostError } from '../errors.js';
import type { Shape } from './shape.js';

/** Where a source keeps its channels: NHWC and its kin, or NCHW and its kin. */
export type ChannelOrder = 'channels-last' | 'channels-first';

/** A batch of feature maps, free of any layout. `sizes` are spatial, outermost axis first. */
export interface FeatureMap {
  readonly batch: number;
  readonly channels: number;
  readonly sizes: Shape;
}

const spatialAxes = ['', 'W', 'HW', 'DHW'];

/** The field's name for a layout: `NHWC`, `NCW`, `NC` ... */
export function layoutName(order: ChannelOrder, rank: number): string {
  const spatial = spatialAxes[rank - 2];
  if (spatial === undefined) return rank < 2 ? 'C'.repeat(rank) : `${rank}-D`;
  return order === 'channels-last' ? `N${spatial}C` : `NC${spatial}`;
}

/** Reads a shape with its batch axis as feature maps. A rank of 1 counts as channels alone. */
export function toFeatureMap(shape: Shape, order: ChannelOrder): FeatureMap {
  if (shape.length === 0) throw new ConvcostError('no-axes', { shape });
  if (shape.length === 1) return { batch: 1, channels: shape[0]!, sizes: [] };
  const [batch, ...rest] = shape as [number, ...number[]];
  return order === 'channels-last'
    ? { batch, channels: rest.at(-1)!, sizes: rest.slice(0, -1) }
    : { batch, channels: rest[0]!, sizes: rest.slice(1) };
}

export const fromFeatureMap = ({ batch, channels, sizes }: FeatureMap, order: ChannelOrder): Shape =>
  order === 'channels-last' ? [batch, ...sizes, channels] : [batch, channels, ...sizes];

/** The same axes with the channels where the other order has them. */
export const turnShape = (shape: Shape, from: ChannelOrder, to: ChannelOrder): Shape =>
  from === to || shape.length < 2 ? shape : fromFeatureMap(toFeatureMap(shape, from), to);
