import type { Layer, TensorInfo } from '../../model/layer.js';
import type { Findings } from './findings.js';
import { type Lowering, lowerings } from './lower.js';
import type { NodeContext } from './node-context.js';
import { packedWeight } from './operands.js';
import { isLone, quantizers, type Role } from './params.js';
import { operatorIn } from './shapes/index.js';
import { isFloat, type StoredTensor } from './stored-tensor.js';
import { NotKnown, type Value } from './value.js';
import { paddedInput } from './windows.js';

interface Inferral {
  readonly domain: string;
  readonly outputs: readonly (Value | undefined)[];
  readonly isStatic: boolean;
  /** Why a shape is not known. */
  readonly reason: string | undefined;
  /** Whether the operator is understood at all. */
  readonly isKnown: boolean;
}

/**
 * The layer that a node is in our words; undefined where it computes nothing at run time: weights that are
 * reshaped or dequantized once, and arithmetic on shapes.
 */
export function layerOf(found: Findings, node: NodeContext, inferral: Inferral): Layer | undefined {
  const { domain, outputs, isStatic, reason } = inferral;
  const lowering = inferral.isKnown ? operatorIn(lowerings, domain, node.op) : undefined;
  if (lowering && !lowering.isCounted) {
    const isFolded = isStatic || outputs.every(value => value === undefined || value.data() !== undefined);
    if (isFolded) {
      for (const stored of scalesOf(node)) found.params.use(stored, 'buffer');
      return undefined;
    }
    return Object.assign(base(found, node, inferral, lowering), bodyOrMovement(node, lowering));
  }
  const common = base(found, node, inferral, lowering);
  if (lowering === undefined) return { ...common, kind: 'unknown', reason: 'the operator is not known' };
  if (reason !== undefined) return { ...common, kind: 'unknown', reason };
  for (const stored of rowsOfInputs(node)) found.params.turn(stored);
  const packed = packedWeight(node);
  if (packed) for (const stored of node.inputs[1]?.origins ?? []) found.params.unpack(stored, packed);
  return Object.assign(common, lowering.body(node));
}

/** The stored scales of weights that are dequantized before the first run. */
const scalesOf = (node: NodeContext): readonly StoredTensor[] =>
  quantizers.has(node.op) ? (node.inputs[1]?.origins.filter(stored => stored.isInitializer) ?? []) : [];

/** The weight of a dense layer that the file has as `[inputs, outputs]`. */
function rowsOfInputs(node: NodeContext): readonly StoredTensor[] {
  const isDense = node.op === 'MatMul' || (node.op === 'Gemm' && node.int('transB', 0) === 0);
  const [weight, flows] = [node.inputs[1], node.inputs[0]];
  if (!isDense || !weight || flows?.isStatic) return [];
  return weight.origins.filter(stored => stored.name === weight.name && isFloat(stored.dtype));
}

/** A free layer costs nothing, whatever the shapes that its details would need. */
function bodyOrMovement(node: NodeContext, lowering: Lowering): ReturnType<Lowering['body']> {
  try {
    return lowering.body(node);
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return { kind: 'free', compute: { type: 'other', elementwise: false } };
  }
}

const base = (
  found: Findings,
  node: NodeContext,
  { domain, outputs }: Inferral,
  lowering: Lowering | undefined,
) => ({
  name: found.layerNames.take(node.label),
  op: domain === '' ? node.op : `${domain}.${node.op}`,
  inputs: flowing(found, node, lowering).flatMap(tensorInfo),
  outputs: outputs.flatMap(value => (value ? tensorInfo(value) : [])),
  params: paramsOf(found, node, lowering),
});

/** The inputs that are computed when the network runs; the padding before a convolution is its own. */
function flowing(found: Findings, node: NodeContext, lowering: Lowering | undefined): readonly Value[] {
  const padded = paddedInput(node);
  if (padded) found.absorb(node.input(0).name);
  const inputs = padded ? [padded.value, ...node.inputs.slice(1)] : node.inputs;
  const flows = inputs.filter(
    value => value !== undefined && !value.isStatic && value.data() === undefined,
  ) as Value[];
  return flows.length === 0 && multipliesConstants(node, lowering) ? [node.input(0)] : flows;
}

/** A product of constants that is counted all the same (a table run through a small network): the first one flows. */
const multipliesConstants = (node: NodeContext, lowering: Lowering | undefined): boolean =>
  lowering?.isCounted === true && node.inputs.every(value => value === undefined || value.isStatic);

/** Of a sequence the parts; nothing of a tensor whose size depends on the data. */
function tensorInfo({ name, shape, dtype, items }: Value): readonly TensorInfo[] {
  if (items) return items.flatMap(item => (item.items ? [] : tensorInfo(item)));
  return shape ? [{ name, shape, dtype }] : [];
}

/** The names of the stored tensors that a node computes with: weight, bias, then the others. */
function paramsOf(found: Findings, node: NodeContext, lowering: Lowering | undefined): readonly string[] {
  const { weights = 'all', isCounted = true } = lowering ?? {};
  const first = weights === 'all' ? [] : weights;
  const isStored = (value: Value | undefined) => value !== undefined && value.origins.length > 0;
  if (!node.inputs.some(isStored)) return [];
  const order = [...first, ...Array.from(node.inputs.keys()).filter(index => !first.includes(index))];
  const names = order.flatMap(index => {
    const value = node.inputs[index];
    if (value === undefined || index >= (sizesAndLimits[node.op] ?? order.length)) return [];
    if (index === 0 && multipliesConstants(node, lowering)) return [];
    const isOperand = weights === 'all' || weights.includes(index);
    const role: Role = isOperand ? (lowering?.isCounted ? 'weight' : 'operand') : 'buffer';
    // Filled tensors are states and masks as often as weights: only a place for weights says which.
    const isPlaceOfWeights = index > 0 && (isCounted || weights !== 'all') && (isOperand || !isCounted);
    const isWeight = (stored: StoredTensor) => {
      if (stored.content.kind === 'filled' && !isPlaceOfWeights) return false;
      if (isFloat(stored.dtype)) return stored.isInitializer || !isLone(stored);
      return isOperand && !isLone(stored) && (isCounted || isFloat(value.dtype));
    };
    return value.origins.filter(isWeight).map(stored => found.params.use(stored, role));
  });
  return [...new Set(names)];
}

/** From this input on, a stored operand says sizes, places and limits: nothing is computed with it. */
const sizesAndLimits: Readonly<Record<string, number>> = {
  Resize: 1,
  Upsample: 1,
  Clip: 1,
  Pad: 1,
  Range: 0,
  OneHot: 1,
  NonMaxSuppression: 2,
  Dropout: 1,
};
