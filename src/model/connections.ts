import type { Layer } from './layer.js';
import type { Network } from './network.js';

/** Who writes and who reads each tensor, by its name. */
export interface Connections {
  /** Undefined for the network's inputs. */
  writerOf(tensor: string): Layer | undefined;
  readersOf(tensor: string): readonly Layer[];
}

export function connectionsOf({ layers }: Pick<Network, 'layers'>): Connections {
  const writers = new Map<string, Layer>();
  const readers = new Map<string, Layer[]>();
  for (const layer of layers) {
    for (const { name } of layer.outputs) writers.set(name, layer);
    for (const { name } of layer.inputs) {
      const before = readers.get(name);
      if (before) before.push(layer);
      else readers.set(name, [layer]);
    }
  }
  return {
    writerOf: tensor => writers.get(tensor),
    readersOf: tensor => readers.get(tensor) ?? [],
  };
}
