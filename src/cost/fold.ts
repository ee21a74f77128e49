import { exactSum } from '../model/exact.js';
import type { FreeLayer } from '../model/layer.js';
import type { LayerCost } from './count.js';

/** Layers whose names begin alike, as one: what they cost together, from their first input to their last output. */
export interface FoldedCost extends LayerCost {
  /** How many layers it stands for. */
  readonly folds: number;
}

/**
 * Folds layers by the first parts of their names (`features.3` of `features.3.conv.0.0` at depth 2), in the
 * order in which each first appears. A layer that is alone stays as it is.
 */
export function foldLayers(layers: readonly LayerCost[], depth: number): readonly LayerCost[] {
  const groups = new Map<string, LayerCost[]>();
  for (const cost of layers) {
    const prefix = prefixOf(cost.layer.name, depth);
    const group = groups.get(prefix);
    if (group) group.push(cost);
    else groups.set(prefix, [cost]);
  }
  return Array.from(groups, ([prefix, group]) => (group.length === 1 ? group[0]! : fold(prefix, group)));
}

/** How many layers a row stands for. */
export const foldedCount = (cost: LayerCost | FoldedCost): number => ('folds' in cost ? cost.folds : 1);

const prefixOf = (name: string, depth: number): string => modulePath(name).slice(0, depth).join('.') || name;

/**
 * The parts of a name, divided by dots. Names of ONNX are divided by slashes too, and PyTorch's exporter
 * repeats in each part the one before: `/features/features.3/conv/conv.0/Conv` is features, 3, conv, 0, Conv.
 */
function modulePath(name: string): readonly string[] {
  let before = '';
  return name
    .split('/')
    .filter(Boolean)
    .flatMap(part => {
      const own = before !== '' && part.startsWith(`${before}.`) ? part.slice(before.length + 1) : part;
      before = part;
      return own.split('.').filter(Boolean);
    });
}

function fold(name: string, group: readonly LayerCost[]): FoldedCost {
  const sum = (of: (cost: LayerCost) => number) => exactSum(`total of ${name}`, group.map(of));
  const unknown = group.filter(({ flavor }) => flavor === 'unknown').length;
  const layer: FreeLayer = {
    kind: 'free',
    name,
    op: `${group.length} layers${unknown > 0 ? `, ${unknown} unknown` : ''}`,
    inputs: group[0]!.layer.inputs,
    outputs: group.at(-1)!.layer.outputs,
    params: group.flatMap(cost => cost.layer.params),
    compute: { type: 'other', elementwise: false },
  };
  const macs = sum(cost => cost.macs);
  const trafficBytes = sum(cost => cost.trafficBytes);
  return {
    layer,
    flavor: 'folded',
    folds: group.length,
    macs,
    macsInBounds: sum(cost => cost.macsInBounds),
    params: sum(cost => cost.params),
    biasAdds: sum(cost => cost.biasAdds),
    activationBytes: sum(cost => cost.activationBytes),
    trafficBytes,
    macsPerByte: trafficBytes === 0 ? 0 : macs / trafficBytes,
  };
}
