import type { WholeModel } from '../../engines/onnxruntime/node-whole-model.js';
import type { Network } from '../../model/network.js';
import type { ReadArray } from '../../tensor/load.js';
import type { Host } from '../host.js';

/** A network as it is, or rewritten; and whether its pairs run as one kernel each. */
export interface NetworkForm {
  /** Says what differs; nothing where there is one form. */
  readonly label: string;
  readonly network: Network;
  readonly fuse: boolean;
}

/** A form of a network in ONNX Runtime, all of it in one session. */
export interface WholeForm extends WholeModel {
  readonly name: string;
  readonly network: Network;
}

/**
 * Opens every form in ONNX Runtime: a model file as it is, anything else written as one.
 *
 * @returns nothing where a layer has no words in ONNX: then layers run one by one
 * @throws ConvcostError `peer-missing`, or what is wrong with the model
 */
export async function openWholes(
  forms: readonly NetworkForm[],
  loaded: Network,
  host: Host,
  readArray: ReadArray,
): Promise<readonly WholeForm[]> {
  const opened: WholeForm[] = [];
  for (const { label, network, fuse } of forms) {
    if (fuse) continue;
    const isFile = network === loaded && network.format === 'onnx' && network.source !== '-';
    const model = isFile ? await openFile(network, host) : await openWritten(network, readArray);
    if (model) opened.push({ ...model, name: [label, 'onnxruntime'].filter(Boolean).join(', '), network });
    else {
      for (const before of opened) await before.close();
      return [];
    }
  }
  return opened;
}

/** Weights that the file lacks are filled in, in memory: it stays as it is. */
async function openFile({ source: path, inputs }: Network, host: Host): Promise<WholeModel> {
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
  return { ...model, notes: absent ? [...model.notes, filled] : model.notes };
}

async function openWritten(network: Network, readArray: ReadArray): Promise<WholeModel | undefined> {
  const [{ openWholeModel }, { networkModel }, { writeModel }] = await Promise.all([
    import('../../engines/onnxruntime/node-whole-model.js'),
    import('../../engines/onnxruntime/network-model.js'),
    import('../../engines/onnxruntime/write-model.js'),
  ]);
  const written = await networkModel(network, readArray);
  if (!written) return undefined;
  const inputs = written.inputs.map(input => ({ ...input, dtype: 'f32' as const }));
  return openWholeModel(writeModel(written), inputs);
}
