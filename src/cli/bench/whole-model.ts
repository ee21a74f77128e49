import type { WholeModel } from '../../engines/onnxruntime/node-whole-model.js';
import type { Network } from '../../model/network.js';
import type { ReadArray } from '../../tensor/load.js';
import type { Host } from '../host.js';

export interface OpenedModel {
  readonly model: WholeModel;
  readonly notes: readonly string[];
}

/**
 * A network in ONNX Runtime, all of it in one session: a model file as it is, any other source written as one.
 *
 * @returns undefined where a layer has no words in ONNX: then its layers run one by one
 * @throws ConvcostError `peer-missing`, or what is wrong with the model
 */
export async function openWhole(
  network: Network,
  host: Host,
  readArray: ReadArray,
): Promise<OpenedModel | undefined> {
  const isFile = network.format === 'onnx' && network.source !== '-';
  return isFile ? openFile(network, host) : openWritten(network, readArray);
}

/** Weights that the file lacks are filled in, in memory: it stays as it is. */
async function openFile({ source: path, inputs }: Network, host: Host): Promise<OpenedModel> {
  const [{ openWholeModel }, { fillWeights }, { findAbsentWeights }] = await Promise.all([
    import('../../engines/onnxruntime/node-whole-model.js'),
    import('../../engines/onnxruntime/fill-weights.js'),
    import('../../formats/onnx/absent-weights.js'),
  ]);
  const file = await host.openFile(path);
  const absent = findAbsentWeights(file);
  file.close();
  const bytes = absent && fillWeights(await host.readBytes(path), absent);
  const model = await openWholeModel(bytes ?? path, inputs);
  const filled = `onnxruntime: ${absent?.tensors.length} tensors that the file lacks are random, seed 1 (vectors: ones)`;
  return { model, notes: absent ? [...model.notes, filled] : model.notes };
}

async function openWritten(network: Network, readArray: ReadArray): Promise<OpenedModel | undefined> {
  const [{ openWholeModel }, { networkModel }, { writeModel }] = await Promise.all([
    import('../../engines/onnxruntime/node-whole-model.js'),
    import('../../engines/onnxruntime/network-model.js'),
    import('../../engines/onnxruntime/write-model.js'),
  ]);
  const written = await networkModel(network, readArray);
  if (!written) return undefined;
  const inputs = written.inputs.map(input => ({ ...input, dtype: 'f32' as const }));
  const model = await openWholeModel(writeModel(written), inputs);
  return { model, notes: model.notes };
}
