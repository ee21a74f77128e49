import type { NetworkCost } from '../../cost/count.js';
import type { WholeModel } from '../../engines/onnxruntime/node-whole-model.js';
import type { NodeTimes } from '../../engines/onnxruntime/profile.js';
import type { Network } from '../../model/network.js';
import type { ModelProfile, ProfiledNode, TimedPart } from '../../report/report.js';
import { layersOfNodes } from '../../timing/node-layers.js';
import type { Unit } from '../../timing/units.js';
import type { Host } from '../host.js';

/** Whether ONNX Runtime can be given the source as it is, in place of its layers one by one. */
export const isOnnxFile = ({ format, source }: Network): boolean => format === 'onnx' && source !== '-';

/**
 * Opens a model file in ONNX Runtime. Weights that it lacks are filled in, in memory: the file stays as it is.
 *
 * @throws ConvcostError `peer-missing`, or what is wrong with the model
 */
export async function openModelFile(
  { source: path, inputs }: Network,
  host: Host,
): Promise<{ readonly model: WholeModel; readonly notes: readonly string[] }> {
  const [{ openWholeModel }, { fillWeights }, { findAbsentWeights }] = await Promise.all([
    import('../../engines/onnxruntime/node-whole-model.js'),
    import('../../engines/onnxruntime/fill-weights.js'),
    import('../../formats/onnx/absent-weights.js'),
  ]);
  const file = await host.openFile(path);
  const absent = findAbsentWeights(file);
  file.close();
  const model = await openWholeModel(absent ? fillWeights(await host.readBytes(path), absent) : path, inputs);
  const filled =
    absent &&
    `onnxruntime: ${absent.tensors.length} tensors that the file lacks are random, seed 1 (vectors: ones)`;
  return { model, notes: [...model.notes, ...(filled ? [filled] : [])] };
}

/** Times of nodes beside the multiplies of the layers that they compute. */
export function joinProfile(
  engine: string,
  nodes: readonly NodeTimes[],
  { network, layers }: NetworkCost,
): ModelProfile {
  const layerOf = layersOfNodes(nodes, network);
  const costOf = new Map(layers.map(cost => [cost.layer, cost]));
  const found = new Set(layerOf.values());
  return {
    engine,
    nodes: nodes.map((node): ProfiledNode => {
      const layer = layerOf.get(node);
      const cost = layer && costOf.get(layer);
      return {
        ...node,
        layer: layer?.name,
        macs: cost?.macs ?? 0,
        bytes: cost?.trafficBytes ?? 0,
        kernels: [node.op],
      };
    }),
    missed: layers.filter(({ layer, macs }) => macs > 0 && !found.has(layer)).map(({ layer }) => layer.name),
  };
}

/** What a profile says of a unit: its nodes together, run by run. */
export function profiledPart({ engine, nodes }: ModelProfile, { layers }: Pick<Unit, 'layers'>): TimedPart {
  const names = new Set(layers.map(({ name }) => name));
  const own = nodes.filter(({ layer }) => layer !== undefined && names.has(layer));
  const sumOf = (of: (node: ProfiledNode) => number) => own.reduce((sum, node) => sum + of(node), 0);
  return {
    name: engine,
    macs: sumOf(({ macs }) => macs),
    bytes: sumOf(({ bytes }) => bytes),
    kernels: own.map(({ op }) => op),
    times: (own[0]?.times ?? []).map((_, run) => sumOf(({ times }) => times[run] ?? 0)),
  };
}
