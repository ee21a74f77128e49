import type { Network } from '../model/network.js';
import type { InputSpec } from '../spec/layer-spec.js';
import { rebuild } from './rebuild.js';

/**
 * The resolution multiplier of MobileNet (arXiv 1704.04861, section 3.4): the inputs' sizes, multiplied by a
 * factor of at most 1, or set to a number of pixels; every shape follows.
 */
export const resolution = (network: Network, value: number): Network =>
  rebuild(network, ({ input, data: _, inputs, ...spec }) => ({
    ...spec,
    input: resized(input as NamedShape, value),
    ...(inputs && {
      inputs: new Map(
        Array.from(inputs, ([name, { shape, layout }]) => [
          name,
          { ...resized({ shape: shape!, layout: layout! }, value), values: { fill: 'random', seed: 1 } },
        ]),
      ),
    }),
  }));

type NamedShape = Extract<InputSpec, { layout: string }>;

const resized = ({ shape, layout }: NamedShape, value: number) => ({
  layout,
  shape: shape.map((size, axis) => ('DHW'.includes(layout[axis]!) ? sizeOf(size, value) : size)),
});

const sizeOf = (size: number, value: number): number =>
  value <= 1 ? Math.max(1, Math.round(size * value)) : value;
