import type { MatmulProduct } from '../../model/layer.js';
import type { Shape } from '../../model/shape.js';
import type { NodeContext } from './node-context.js';

/** The products inside an attention operator, and the shapes of what it gives. */
export interface Attention {
  readonly products: readonly MatmulProduct[];
  /** The result, then the keys and values to keep for the next call. */
  readonly outputs: readonly Shape[];
}

interface Heads {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  /** Past ones included. */
  readonly keys: number;
  readonly headSize: number;
  readonly valueSize: number;
}

/** Queries times keys, then the weights times values; masks do not shorten a dense product. */
const attend = ({ batch, heads, queries, keys, headSize, valueSize }: Heads): readonly MatmulProduct[] => [
  { batch: batch * heads, m: queries, k: headSize, n: keys },
  { batch: batch * heads, m: queries, k: keys, n: valueSize },
];

/** ONNX Attention (opset 23): `[batch, length, hidden]` with head counts, or `[batch, heads, length, size]`. */
function standardAttention(node: NodeContext): Attention {
  const [query, key, value] = [0, 1, 2].map(index => node.shape(index)) as [Shape, Shape, Shape];
  const isFlat = query.length === 3;
  if (![3, 4].includes(query.length)) node.disagree('Three or four axes are needed.', query);
  const heads = isFlat ? node.int('q_num_heads', 0) : query[1]!;
  const storedHeads = isFlat ? node.int('kv_num_heads', 0) : key[1]!;
  if (heads < 1 || storedHeads < 1)
    node.refuse('q_num_heads', heads, 'a number of heads for inputs of three axes');
  const past = node.inputs[4] ? node.shape(4)[2]! : 0;
  const size = (shape: Shape, count: number) => (isFlat ? shape[2]! / count : shape[3]!);
  const flow: Heads = {
    batch: query[0]!,
    heads,
    queries: query.at(-2)!,
    keys: key.at(-2)! + past,
    headSize: size(query, heads),
    valueSize: size(value, storedHeads),
  };
  const { batch, queries, keys, headSize, valueSize } = flow;
  return {
    products: attend(flow),
    outputs: [
      isFlat ? [batch, queries, heads * valueSize] : [batch, heads, queries, valueSize],
      [batch, storedHeads, keys, headSize],
      [batch, storedHeads, keys, valueSize],
      [batch, heads, queries, keys],
    ],
  };
}

/** com.microsoft Attention: projects `[batch, length, input]` to queries, keys and values first. */
function projectedAttention(node: NodeContext): Attention {
  const [batch = 0, queries = 0, inputSize = 0] = node.shape(0);
  const width = node.shape(1)[1] ?? 0;
  const heads = node.int('num_heads', 0);
  if (heads < 1) node.refuse('num_heads', heads, 'at least 1');
  const [hidden = width / 3, , valueHidden = width / 3] = node.ints('qkv_hidden_sizes') ?? [];
  const pastIndex = node.op === 'QAttention' ? 8 : 4;
  const past = node.inputs[pastIndex] ? node.shape(pastIndex)[3]! : 0;
  const flow: Heads = {
    batch,
    heads,
    queries,
    keys: queries + past,
    headSize: hidden / heads,
    valueSize: valueHidden / heads,
  };
  return {
    products: [{ batch: 1, m: batch * queries, k: inputSize, n: width }, ...attend(flow)],
    outputs: [
      [batch, queries, valueHidden],
      [2, batch, heads, flow.keys, flow.headSize],
    ],
  };
}

/** com.microsoft MultiHeadAttention: separate inputs, or packed as `[batch, length, heads, 2 or 3, size]`. */
function multiHeadAttention(node: NodeContext): Attention {
  const query = node.shape(0);
  const key = node.inputs[1] ? node.shape(1) : undefined;
  const value = node.inputs[2] ? node.shape(2) : undefined;
  const heads = node.int('num_heads', 0);
  if (heads < 1) node.refuse('num_heads', heads, 'at least 1');
  const [batch = 0, queries = 0] = query;
  const headSize = query.length === 5 ? query[4]! : query[2]! / heads;
  const past = node.inputs[6] ? node.shape(6)[2]! : 0;
  const stored = key === undefined ? queries : key.length === 4 ? key[2]! : key[1]!;
  const valueSize = value === undefined ? headSize : value.length === 4 ? value[3]! : value[2]! / heads;
  const flow: Heads = { batch, heads, queries, keys: stored + past, headSize, valueSize };
  return {
    products: attend(flow),
    outputs: [
      [batch, queries, heads * valueSize],
      [batch, heads, flow.keys, headSize],
      [batch, heads, flow.keys, valueSize],
    ],
  };
}

/** com.microsoft GroupQueryAttention: several query heads share one of the stored heads; the past is a buffer. */
function groupQueryAttention(node: NodeContext): Attention {
  const [batch = 0, queries = 0, width = 0] = node.shape(0);
  const heads = node.int('num_heads', 0);
  const storedHeads = node.int('kv_num_heads', 0);
  if (heads < 1 || storedHeads < 1) node.refuse('num_heads', heads, 'at least 1');
  const headSize = node.inputs[1] ? width / heads : width / (heads + 2 * storedHeads);
  const past = node.inputs[3] ? node.shape(3)[2]! : 0;
  const keys = node.data(6)?.[0] ?? past + queries;
  const kept = [batch, storedHeads, Math.max(past, keys), headSize];
  return {
    products: attend({ batch, heads, queries, keys, headSize, valueSize: headSize }),
    outputs: [[batch, queries, heads * headSize], kept, kept],
  };
}

export const attentions: Readonly<Record<string, (node: NodeContext) => Attention>> = {
  Attention: standardAttention,
  'com.microsoft.Attention': projectedAttention,
  'com.microsoft.QAttention': projectedAttention,
  'com.microsoft.MultiHeadAttention': multiHeadAttention,
  'com.microsoft.GroupQueryAttention': groupQueryAttention,
};
