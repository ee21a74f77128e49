import type { Layer } from '../../model/layer.js';
import type { Findings } from './findings.js';
import { domainOf, type Frame } from './frame.js';
import { layerOf } from './layers.js';
import type { NodeContext } from './node-context.js';
import { quantizers } from './params.js';
import type { NodeProto } from './schema.js';
import { shapeRule } from './shapes/index.js';
import { isFloat, type StoredTensor, storeFilled } from './stored-tensor.js';
import { type Inferred, NotKnown, outputOf, type Value } from './value.js';
import { words } from './words.js';

/** A static value that is made of more tensors than this forgets them: no weight is. */
const mostOrigins = 16;

const randomOps = new Set(
  words('Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike'),
);

const unknownValue: Inferred = { shape: undefined };

/** What one operator gives: a value for each of its outputs that has a name, and its layer, where it is one. */
export function inferOperator(
  found: Findings,
  context: NodeContext,
  node: NodeProto,
  declared: Frame['declared'],
): { readonly outputs: readonly (Value | undefined)[]; readonly layer: Layer | undefined } {
  const domain = domainOf(node.domain);
  const inputs = context.inputs.filter(value => value !== undefined);
  const isStatic = inputs.every(value => value.isStatic) && !randomOps.has(node.op);
  const { isKnown, inferred, reason, obstacle } = inferOutputs(context, node, domain, declared);
  const origins = isStatic ? [...originsOf(node.op, inputs), ...filledBy(context, node, inferred[0])] : [];
  const unreadElements = obstacleOfElements(inputs);
  const outputs = node.outputs.map((name, index) => {
    if (name === '') return undefined;
    const result = inferred[index] ?? unknownValue;
    const dtype = result.dtype ?? context.inputs[0]?.dtype;
    const before = result.shape === undefined ? obstacle : result.data ? undefined : unreadElements;
    return found.value(name, { ...result, dtype, obstacle: before }, isStatic, origins);
  });
  return { outputs, layer: layerOf(found, context, { domain, outputs, isStatic, reason, isKnown }) };
}

/** What keeps the elements of an output from being computed, where those of no input flow. */
function obstacleOfElements(inputs: readonly Value[]): string | undefined {
  const obstacle = inputs.find(value => value.obstacle !== undefined)?.obstacle;
  if (obstacle === undefined) return undefined;
  const areFixed = inputs.every(value => value.isStatic || value.obstacle || value.data() !== undefined);
  return areFixed ? obstacle : undefined;
}

interface Inference {
  /** Whether the operator is understood at all. */
  readonly isKnown: boolean;
  readonly inferred: readonly Inferred[];
  /** Why the shapes of an operator that is understood are not known. */
  readonly reason?: string;
  /** What its unknown shapes depend on. */
  readonly obstacle: string;
}

/** By the operator's shape rule; for one that has none, what the file declares. */
function inferOutputs(
  context: NodeContext,
  { op, outputs }: NodeProto,
  domain: string,
  declared: Frame['declared'],
): Inference {
  const rule = shapeRule(domain, op);
  const before = context.inputs.find(value => value?.shape === undefined && value?.obstacle)?.obstacle;
  const obstacle = before ?? outputOf(domain === '' ? op : `${domain}.${op}`, context.label);
  if (!rule) {
    const inferred = outputs.map(name => declared.get(name) ?? unknownValue);
    return { isKnown: false, inferred, obstacle };
  }
  try {
    return { isKnown: true, inferred: [rule(context)].flat(), obstacle };
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    const inferred = outputs.map(() => unknownValue);
    return { isKnown: true, inferred, reason: error.message, obstacle: error.obstacle ?? obstacle };
  }
}

/** What a static value is made of. A scale only says how to read the integers beside it. */
function originsOf(op: string, inputs: readonly Value[]): readonly StoredTensor[] {
  const read = quantizers.has(op) ? inputs.slice(0, 1) : inputs;
  const origins = [...new Set(read.flatMap(value => value.origins))];
  return origins.length > mostOrigins ? [] : origins;
}

/** What a node that fills a tensor with one number makes: a weight, where a layer uses it as one. */
function filledBy(
  context: NodeContext,
  node: NodeProto,
  output: Inferred | undefined,
): readonly StoredTensor[] {
  if (node.op !== 'ConstantOfShape' || output?.shape === undefined || !isFloat(output.dtype ?? 'f32'))
    return [];
  const tensor = { name: node.outputs[0] ?? '', shape: output.shape, dtype: output.dtype ?? 'f32' };
  const value = context.attribute('value') ? context.tensorValue('value') : 0;
  return [storeFilled(node, tensor, value)];
}
