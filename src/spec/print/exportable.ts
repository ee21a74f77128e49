import { ConvcostError } from '../../errors.js';
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
