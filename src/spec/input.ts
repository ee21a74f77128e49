import { ConvcostError, withPlace } from '../errors.js';
import { isPermutation, spatialOf } from '../model/filter-layout.js';
import { type ChannelOrder, type FeatureMap, fromFeatureMap, toFeatureMap } from '../model/layout.js';
import type { Shape } from '../model/shape.js';
import { requireAtLeast } from '../model/window.js';
import type { DataSpec, InputSpec, NetworkSpec } from './layer-spec.js';

/** What the command line says of the input; it goes before what the source says. */
export interface InputOverride {
  readonly shape?: Shape | undefined;
  readonly batch?: number | undefined;
}

/**
 * The feature maps that flow into a network, from what was written.
 *
 * @throws ConvcostError `no-input`, `input-unclear`, `no-input-channels`
 */
export function resolveInput(spec: NetworkSpec, override: InputOverride): FeatureMap {
  const written = writtenInput(spec, override);
  return withPlace(written.place, () => {
    const map =
      'layout' in written ? namedAxes(written.shape, written.layout) : countedAxes(written.numbers, spec);
    requireAtLeast('Number of input channels', map.channels, 1);
    // Whoever names the axes may mean no image; a zero among bare numbers would count everything as nothing.
    requireAtLeast('Batch', map.batch, 'layout' in written ? 0 : 1);
    for (const size of map.sizes) requireAtLeast('Input size', size, 1);
    return { ...map, batch: override.batch ?? map.batch };
  });
}

/**
 * A note where bare numbers look as if they were in the other axis order: no layer that says its input
 * channels will tell.
 */
export function orderNotes(spec: NetworkSpec, override: InputOverride, map: FeatureMap): readonly string[] {
  if ('layout' in writtenInput(spec, override) || spec.layers[0]?.in !== undefined) return [];
  const { order = 'channels-last' } = spec;
  const read = fromFeatureMap(map, order);
  const meant = toFeatureMap(read, order === 'channels-last' ? 'channels-first' : 'channels-last');
  const isPicture = [1, 3].includes(meant.channels) && meant.sizes.length > 1;
  if (!isPicture || meant.sizes.some(size => size < 16)) return [];
  const sizesOf = (shape: Shape) => shape.slice(1).join('x');
  return [
    `input ${sizesOf(read)} is read with ${map.channels} channels. For ${meant.channels} channels, write ${sizesOf(fromFeatureMap(meant, order))}.`,
  ];
}

/** The feature maps that a shape with named axes stands for; an N that is not written is 1. */
export function namedAxes(shape: Shape, layout: string): FeatureMap {
  const axes = shape.length - (layout.includes('N') ? 2 : 1);
  const letters = `${layout.includes('N') ? 'N' : ''}${spatialOf(axes)}C`;
  if (layout.length !== shape.length || !isPermutation(layout, letters)) {
    throw new ConvcostError('bad-data-layout', { layout, shape });
  }
  const size = (letter: string) => shape[layout.indexOf(letter)]!;
  return {
    batch: layout.includes('N') ? size('N') : 1,
    channels: size('C'),
    sizes: Array.from(spatialOf(axes), size),
  };
}

function writtenInput(spec: NetworkSpec, { shape }: InputOverride): InputSpec {
  if (shape) return { numbers: shape };
  if (spec.input) return spec.input;
  if (spec.data?.shape) return dataInput(spec.data, spec.data.shape);
  throw new ConvcostError('no-input', {
    example: spec.order === 'channels-first' ? '1x3x224x224' : '224x224x3',
  });
}

/** The input that written values imply. */
export const dataInput = ({ layout, place }: DataSpec, shape: Shape): InputSpec => ({
  shape,
  layout: layout ?? `N${spatialOf(shape.length - 2)}C`,
  ...(place && { place }),
});

/**
 * Numbers without names. With a kernel of n axes, n numbers are sizes, n + 1 are sizes and channels, n + 2
 * have the batch before them; one number is every size. Where no kernel tells n, `LxC` is 1-D, `HxWxC` 2-D.
 */
function countedAxes(numbers: readonly number[], spec: NetworkSpec): FeatureMap {
  const first = spec.layers[0];
  const axes = kernelAxes(spec) ?? impliedAxes(numbers, first?.in, spec);
  const written = numbers.length;
  if (written === 1 && axes > 0) {
    return { batch: 1, channels: channelsOf(first?.in), sizes: new Array<number>(axes).fill(numbers[0]!) };
  }
  if (written === axes) return { batch: 1, channels: channelsOf(first?.in), sizes: numbers };
  if (written === axes + 1) return inOrder([1, ...numbers], spec.order);
  if (written === axes + 2) return inOrder(numbers, spec.order);
  throw new ConvcostError('input-unclear', { numbers, axes });
}

const inOrder = ([batch, ...rest]: readonly number[], order: ChannelOrder = 'channels-last'): FeatureMap =>
  order === 'channels-last'
    ? { batch: batch!, channels: rest.at(-1)!, sizes: rest.slice(0, -1) }
    : { batch: batch!, channels: rest[0]!, sizes: rest.slice(1) };

/** The axes of the first kernel that is written with one size per axis. */
const kernelAxes = ({ layers }: NetworkSpec): number | undefined =>
  layers.flatMap(({ kernel }) => (typeof kernel === 'object' ? [kernel.length] : []))[0];

function impliedAxes(
  numbers: readonly number[],
  channels: number | undefined,
  { layers }: NetworkSpec,
): number {
  if (numbers.length > 1) return Math.min(numbers.length - 1, 3);
  // One number before anything with a kernel is a row of features; a lone pointwise layer is 2-D as in most networks.
  const op = layers[0]?.op;
  if (op === 'pw' && channels !== undefined) return 2;
  return layers.some(({ kernel }) => kernel !== undefined) ? 1 : 0;
}

function channelsOf(channels: number | undefined): number {
  if (channels === undefined) throw new ConvcostError('no-input-channels', {});
  return channels;
}
