import type { Fill, FillSource } from '../model/network.js';
import { normalStream } from './random.js';

/** What a fill puts at an index. Random weights are He-normal: variance 2 / fan-in (He et al. 2015). */
const fillers: Readonly<Record<Fill, (source: FillSource, name: string) => (index: number) => number>> = {
  zeros: () => () => 0,
  ones: () => () => 1,
  ramp: () => index => index,
  random: ({ seed, fanIn }, name) => {
    const normal = normalStream(seed, name);
    const scale = fanIn === undefined ? 1 : Math.sqrt(2 / fanIn);
    return () => scale * normal();
  },
};

/** `length` values. The same source and name always give the same values. */
export function fillValues(source: FillSource, name: string, length: number): Float32Array {
  const valueAt = fillers[source.fill](source, name);
  const values = new Float32Array(length);
  for (let index = 0; index < length; index++) values[index] = valueAt(index);
  return values;
}
