import type { ReadyStep } from '../engines/execute.js';
import type { Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs } from '../model/separable-pair.js';

/** What is timed as one: a layer with multiplies, or a depthwise + pointwise pair with what stands between. */
export interface Unit {
  readonly name: string;
  /** The tensor that it gives: the same for a pair and for the convolution in its place. */
  readonly output: string;
  readonly steps: readonly ReadyStep[];
  readonly layers: readonly Layer[];
}

/** The units of a network that has run once, in order; layers without multiplies alone are none. */
export function unitsOf(network: Network, steps: readonly ReadyStep[]): readonly Unit[] {
  const pairAt = new Map<Layer, { name: string; end: Layer }>();
  for (const { name, depthwise, pointwise } of findSeparablePairs(network)) {
    pairAt.set(depthwise, { name, end: pointwise });
  }
  const units: Unit[] = [];
  for (let index = 0; index < steps.length; index++) {
    const [first] = steps[index]!.step.layers;
    const pair = pairAt.get(first!);
    const last = pair ? steps.findIndex(({ step }) => step.layers.includes(pair.end)) : index;
    const own = steps.slice(index, last + 1);
    const layers = own.flatMap(({ step }) => step.layers);
    const output = own.at(-1)!.step.output.name;
    if (layers.some(({ kind }) => kind !== 'free')) {
      units.push({ name: pair?.name ?? unitName(layers), output, steps: own, layers });
    }
    index = last;
  }
  return units;
}

const unitName = (layers: readonly Layer[]): string => layers.find(({ kind }) => kind !== 'free')!.name;
