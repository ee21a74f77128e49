import { ConvcostError } from '../../errors.js';
import { type Activation, activations } from '../../model/activation.js';
import type { Layer } from '../../model/layer.js';
import type { Network } from '../../model/network.js';

/** Refuses what a notation has no words for. */
export function cannotPrint(notation: string, { name, op }: Pick<Layer, 'name' | 'op'>): never {
  throw new ConvcostError('cannot-print', { notation, layer: name, op });
}

/** The layers of a network in which each reads the one before. */
export function chainOf({ layers, inputs }: Network, notation: string): readonly Layer[] {
  let before = inputs[0]?.name;
  for (const layer of layers) {
    if (layer.inputs.length !== 1 || layer.inputs[0]!.name !== before) cannotPrint(notation, layer);
    before = layer.outputs[0]!.name;
  }
  return layers;
}

/** The one value of all axes; `undefined` where they differ. */
export function oneOf(values: readonly number[]): number | undefined {
  return values.every(value => value === values[0]) ? values[0] : undefined;
}

/** The parameters of an activation that are not the usual ones. */
export function changedParameters({ name, parameters }: Activation): readonly (readonly [string, number])[] {
  const defaults: Readonly<Record<string, number>> = activations[name].defaults;
  return Object.entries(parameters).flatMap(([key, value]) =>
    value === undefined || value === defaults[key] ? [] : [[key, value] as const],
  );
}
