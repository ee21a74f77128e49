import { lowerings } from '../../src/formats/onnx/lower.js';
import { words } from '../../src/formats/onnx/words.js';
import { type AttributeSpec, graph, model, node, type TensorSpec } from '../formats/onnx-builder.js';

type Random = (limit: number) => number;

const attributeNames = words(`
  axis axes kernel_shape strides pads dilations group auto_pad perm shape split starts ends to k keepdims
  num_outputs blocksize equation num_heads kv_num_heads q_num_heads output_shape output_padding ceil_mode
  pooled_shape batch_dims new_axis dtype transA transB K N layout value num_scan_inputs scan_input_axes
  mode start end sample_size channels_last scales qkv_hidden_sizes
`);
const numbers = [0, 1, 2, 3, 4, 5, 7, 100, -1, -2, 2 ** 31, 2 ** 40, -(2 ** 62)];
const texts = ['SAME_UPPER', 'reflect', 'ij,jk->ik', '...', '->', 'NOTSET', 'bij,bjk'];
const opsets = [1, 6, 7, 9, 10, 11, 13, 17, 18, 23];
const operators = [...Object.keys(lowerings), 'If', 'Loop', 'Scan', 'Constant'];

/** A model of one to five nodes that are sound as a file, and whose operators, inputs and attributes are not. */
export function randomModel(random: Random): Uint8Array {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: random(most + 1) }, make);
  const shape = () => some(5, () => pick([0, 1, 1, 1, 2, 3, 4, 5, 8]));
  const number = () => pick(numbers);
  const list = (): TensorSpec => {
    const ints = some(5, number);
    return random(3) === 0 ? { dims: [], ints: [number()] } : { dims: [ints.length], ints };
  };

  const inputs = { x: shape(), y: shape() };
  const weights = {
    w: shape(),
    f: { dims: [3], floats: [random(5) - 2, 1.5, random(3)] },
    a: list(),
    b: list(),
    c: list(),
  };
  const known = [...Object.keys(inputs), ...Object.keys(weights)];
  const attribute = (): AttributeSpec =>
    pick<() => AttributeSpec>([
      number,
      () => pick(texts),
      () => ({ float: number() }),
      () => ({ floats: [1, 2, 0.5] }),
      () => ({ tensor: { dims: [1], ints: [number()] } }),
      () => some(5, number),
      () => some(5, number),
    ])();
  const subgraph = () => ({
    graph: graph({
      inputs: { i: [], q: [] },
      nodes: [node('Identity', [pick(known)], ['r'])],
      outputs: ['r', 'r'],
    }),
  });

  const nodes = Array.from({ length: 1 + random(5) }, (_, index) => {
    const operator = pick(operators);
    const op = operator.replace('com.microsoft.', '');
    const given = Array.from({ length: random(3) === 0 ? random(4) : 2 + random(5) }, () =>
      random(12) === 0 ? '' : pick(known),
    );
    const attributes = Object.fromEntries(some(4, () => [pick(attributeNames), attribute()]));
    const graphs = ['If', 'Loop', 'Scan'].includes(op)
      ? { then_branch: subgraph(), else_branch: subgraph(), body: subgraph() }
      : {};
    const outputs = Array.from({ length: 1 + random(3) }, (_, at) => `n${index}_${at}`);
    known.unshift(...outputs);
    const domain = operator !== op || random(8) === 0 ? 'com.microsoft' : '';
    return node(op, given, outputs, { ...attributes, ...graphs }, { domain });
  });
  return model({ opset: pick(opsets), inputs, weights, nodes });
}
