import type { Layer } from '../../../src/model/layer.js';
import type { Network } from '../../../src/model/network.js';

/** Refuses what a notation has no words for. */
export function cannotPrint(notation: string, { name, op }: Pick<Layer, 'name' | 'op'>): never {
  throw new Error(`${notation} cannot say ${name} (${op})`);
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
