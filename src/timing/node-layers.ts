import { type Layer, runsInPlace } from '../model/layer.js';
import type { Network } from '../model/network.js';

/** A node of an optimised graph: what is left of its name, after what an optimiser did to it. */
export interface OptimisedNode {
  readonly name: string;
  readonly op: string;
}

/** What ONNX Runtime puts before the name of a dense layer that took in its activation. */
const joined = 'fused ';

/** What ONNX Runtime appends where it changes the layout of a node: the tensor that it gives stands before. */
const reordered = '_nchwc';

/**
 * Finds the layer with multiplies that each node of an optimised graph computes. Names survive in three forms:
 * as they were; with the name of a fusion behind (`/fc/MatMul/MatMulAddFusion`); or as the tensor that the
 * node gives, which may be that of an activation or a sum that was fused into it.
 *
 * @returns by node; nodes without multiplies of their own (reorderings, pools) are not in it
 */
export function layersOfNodes<Node extends OptimisedNode>(
  nodes: readonly Node[],
  { layers }: Network,
): ReadonlyMap<Node, Layer> {
  const counted = layers.filter(({ kind }) => kind === 'conv' || kind === 'matmul');
  const byName = new Map(counted.map(layer => [layer.name, layer]));
  const makerOf = new Map(layers.flatMap(layer => layer.outputs.map(({ name }) => [name, layer] as const)));
  const found = new Map<Node, Layer>();
  const taken = new Set<Layer>();
  const take = (node: Node, layer: Layer | undefined): void => {
    if (!layer || taken.has(layer) || found.has(node)) return;
    found.set(node, layer);
    taken.add(layer);
  };
  // Names that say it plainly come first: what they take is no candidate for the others.
  for (const node of nodes) {
    const maker = node.name.endsWith(reordered)
      ? makerOf.get(node.name.slice(0, -reordered.length))
      : undefined;
    take(node, maker ? byName.get(maker.name) : ownName(plainName(node.name), byName));
  }
  for (const node of nodes) {
    if (!/conv/i.test(node.op) || !node.name.endsWith(reordered)) continue;
    const maker = makerOf.get(node.name.slice(0, -reordered.length));
    take(node, maker && nearestBehind(maker, makerOf, taken));
  }
  return found;
}

const plainName = (name: string): string => (name.startsWith(joined) ? name.slice(joined.length) : name);

/** The layer whose name a node has, as it is or with fusions behind. */
function ownName(name: string, byName: ReadonlyMap<string, Layer>): Layer | undefined {
  for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1)) {
    const layer = byName.get(name.slice(0, end));
    if (layer) return end === name.length || /fusion/i.test(name.slice(end)) ? layer : undefined;
  }
  return undefined;
}

/** From an element-wise layer back, through others like it, to the nearest convolution that is not taken. */
function nearestBehind(
  maker: Layer,
  makerOf: ReadonlyMap<string, Layer>,
  taken: ReadonlySet<Layer>,
): Layer | undefined {
  const queue = [maker];
  const seen = new Set(queue);
  for (const layer of queue) {
    for (const { name } of layer.inputs) {
      const before = makerOf.get(name);
      if (!before || seen.has(before)) continue;
      seen.add(before);
      if (runsInPlace(before)) queue.push(before);
      else if (before.kind === 'conv' && !taken.has(before)) return before;
    }
  }
  return undefined;
}
