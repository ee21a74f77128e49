import { ConvcostError } from '../../errors.js';
import type { Layer, TensorInfo } from '../../model/layer.js';
import type { Network } from '../../model/network.js';
import type { ByteSource } from '../byte-source.js';
import type { ModelFormat, ReadOptions } from '../model-format.js';
import { decodeMessage } from '../protobuf.js';
import { Findings, type Misfit } from './findings.js';
import { declaredShapes, opsetMap } from './frame.js';
import { bindInputs } from './inputs.js';
import { type GraphProto, model as modelSchema } from './schema.js';
import { quote } from './value.js';
import { Walk } from './walk.js';

/** ONNX, `.onnx`: what every framework exports. */
export const onnx: ModelFormat = {
  name: 'onnx',
  extensions: ['.onnx'],
  match: beginsLikeModel,
  read: async (source, options) => readOnnx(source, options),
};

/** Field numbers of a ModelProto that files begin with, each as its tag: the number and the wire type. */
const firstTags = new Set([0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72, 0xa2, 0xca]);

/** An IR version that exists, or another field of a model; texts and other containers begin otherwise. */
function beginsLikeModel(head: Uint8Array): boolean {
  const [tag, value, next] = head;
  if (tag === undefined || !firstTags.has(tag) || value === undefined) return false;
  if (tag === 0x08) return value > 0 && value < 64 && (next === undefined || firstTags.has(next));
  return value > 0;
}

function readOnnx(source: ByteSource, options: ReadOptions): Network {
  const model = decodeMessage(source, modelSchema, options.onProgress);
  const { graph } = model;
  if (graph === undefined || graph.nodes.length === 0)
    throw new ConvcostError('file-incomplete', { what: 'graph' });
  // Its last field in most files: without it the file was cut short, or nothing says what its operators mean.
  if (model.opsets.length === 0) throw new ConvcostError('file-incomplete', { what: 'operator set version' });
  const bound = bindInputs(graph, options.inputs);

  const found = new Findings(source);
  const walk = new Walk(model, found);
  const opsets = opsetMap(model.opsets);
  const outputs: string[] = [];
  walk.enter({
    nodes: graph.nodes,
    outputs: graph.outputs.map(({ name }) => name),
    scope: new Map(),
    opsets,
    callAttributes: new Map(),
    prefix: '',
    declared: declaredShapes(graph),
    finish: (values, layers) => {
      outputs.push(...values.flatMap(value => (value ? [value.name] : [])));
      network.layers = layers;
    },
  });
  const network: { layers: Network['layers'] } = { layers: [] };
  walk.storeInitializers(graph);
  const inputs = bound.tensors.flatMap(({ name, shape, dtype, data }): readonly TensorInfo[] => {
    const value = found.value(name, {
      shape,
      dtype,
      data,
      obstacle: shape ? undefined : `the input ${quote(name)}`,
    });
    walk.bind(name, value);
    return shape ? [{ name: value.name, shape, dtype }] : [];
  });
  walk.run();
  return {
    name: options.name,
    source: options.source,
    format: 'onnx',
    layout: 'channels-first',
    inputs,
    outputs,
    layers: withoutAbsorbed(network.layers, found.absorbed, outputs),
    params: found.params.store(),
    data: new Map(),
    notes: [
      ...opsetNotes(opsets.get('')),
      ...bound.notes,
      ...layoutNotes(graph, inputs),
      ...branchNotes(found.openBranches),
      ...misfitNotes(found.misfits),
    ],
  };
}

/** The last operator set whose meanings are known here. */
const newestOpset = 28;

const opsetNotes = (opset = 1): readonly string[] =>
  opset > newestOpset ? [`opset ${opset} is newer than ${newestOpset}, read as ${newestOpset}`] : [];

/** Leaves out the Pads that became the padding of a convolution. */
function withoutAbsorbed(
  layers: readonly Layer[],
  absorbed: ReadonlySet<string>,
  outputs: readonly string[],
): readonly Layer[] {
  const read = new Set([...outputs, ...layers.flatMap(({ inputs }) => inputs.map(({ name }) => name))]);
  return layers.filter(
    ({ op, outputs: [output] }) =>
      op !== 'Pad' || !output || !absorbed.has(output.name) || read.has(output.name),
  );
}

function branchNotes(branches: readonly string[]): readonly string[] {
  if (branches.length === 0) return [];
  const shown = branches.slice(0, 3).join(', ') + (branches.length > 3 ? ', ...' : '');
  return [
    `the data decides ${branches.length === 1 ? 'an If' : `${branches.length} Ifs`}: the larger branch is counted (${shown})`,
  ];
}

/** The first three say why; the others only how many they are. */
function misfitNotes(misfits: readonly Misfit[]): readonly string[] {
  const shown = misfits.slice(0, 3).map(({ label, branch, error }) => {
    const reason = error.message.split('. ', 1)[0]!.replace(/\.$/, '');
    return `If ${label}: the ${branch === 'then' ? 'else' : 'then'} branch is counted, the ${branch} branch does not fit these sizes (${error.layer === undefined ? '' : `${error.layer}: `}${reason})`;
  });
  const rest = misfits.length - shown.length;
  return rest > 0 ? [...shown, `${rest} more Ifs have a branch that does not fit these sizes`] : shown;
}

/** Networks from TensorFlow often begin by turning a channels-last image round. */
function layoutNotes({ nodes }: GraphProto, inputs: readonly TensorInfo[]): readonly string[] {
  return inputs.flatMap(({ name }) => {
    const first = nodes.find(node => node.inputs[0] === name);
    const order =
      first?.op === 'Transpose' ? first.attributes.find(({ name }) => name === 'perm')?.ints.join() : '';
    const isTurned = order === '0,3,1,2' || order === '0,4,1,2,3' || order === '0,2,1';
    return isTurned ? [`input ${name} is channels-last: its first layer turns it to channels-first`] : [];
  });
}
