import { ConvcostError } from '../../errors.js';
import { type Activation, activations } from '../../model/activation.js';
import type { Layer } from '../../model/layer.js';
import type { ValueSource } from '../../model/network.js';
import type { ValuesSpec } from '../layer-spec.js';

/** Refuses what a spec has no words for. */
export function cannotExport({ name }: Layer, reason: string): never {
  throw new ConvcostError('cannot-export', { layer: name, reason });
}

/** Values as they are written; nothing for those that only a model file holds. */
export function valuesSpec(source: ValueSource): ValuesSpec | undefined {
  switch (source.type) {
    case 'fill':
      return { fill: source.fill, seed: source.seed };
    case 'values':
      return { values: Array.from(source.values), shape: source.shape, layout: source.layout };
    case 'file':
      return { file: source.path, layout: source.layout };
    case 'payload':
    case 'absent':
      return undefined;
  }
}

/** The parameters of an activation that are not the usual ones. */
export function changedParameters({ name, parameters }: Activation): Readonly<Record<string, number>> {
  const defaults: Readonly<Record<string, number>> = activations[name].defaults;
  return Object.fromEntries(
    Object.entries(parameters).filter(([key, value]) => value !== defaults[key]),
  ) as Record<string, number>;
}
