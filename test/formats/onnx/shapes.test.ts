import { describe, expect, it } from 'vitest';
import { type AttributeSpec, node, read, type TensorSpec } from '../onnx-builder.js';

/** One operator: its inputs (a shape flows, `ints` and `floats` are stored), and the shapes that come out. */
interface Case {
  readonly op: string;
  readonly opset?: number;
  readonly in: readonly (readonly number[] | TensorSpec | undefined)[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
  readonly out: readonly (readonly number[])[];
}

const ints = (...values: readonly number[]): TensorSpec => ({ dims: [values.length], ints: values });
const floats = (...values: readonly number[]): TensorSpec => ({ dims: [values.length], floats: values });
const scalar = (value: number): TensorSpec => ({ dims: [], ints: [value] });
const none: TensorSpec = { dims: [0], floats: [] };

/** The largest of 64 bits: "to the end". */
const toTheEnd = Number(2n ** 63n - 1n);
const fromTheBegin = -toTheEnd;

async function shapesOf({ op, opset = 17, in: inputs, attributes = {}, out }: Case) {
  const name = (index: number) => (inputs[index] === undefined ? '' : `in${index}`);
  const flowing = inputs.flatMap((value, index) =>
    value && !('dims' in value) ? [[name(index), value] as const] : [],
  );
  const stored = inputs.flatMap((value, index) =>
    value && 'dims' in value ? [[name(index), value] as const] : [],
  );
  const outputs = out.map((_, index) => `out${index}`);
  const { layers } = await read({
    opset,
    inputs: Object.fromEntries(flowing),
    weights: Object.fromEntries(stored),
    nodes: [
      node(
        op,
        inputs.map((_, index) => name(index)),
        outputs,
        attributes,
      ),
    ],
    outputs,
  });
  return layers[0]?.outputs.map(({ shape }) => shape);
}

// Sources: ONNX Operators.md and Changelog.md, the examples and formulas of each operator.
// biome-ignore format: a table, one operator to a line
const cases: readonly Case[] = [
  { op: 'Add', in: [[8, 1, 6, 1], [7, 1, 5]], out: [[8, 7, 6, 5]] },
  { op: 'Add', opset: 6, in: [[2, 3, 4], [3]], attributes: { broadcast: 1, axis: 1 }, out: [[2, 3, 4]] },
  { op: 'Where', in: [[1, 4], [3, 1], [4]], out: [[3, 4]] },
  { op: 'Reshape', in: [[2, 3, 4], ints(0, -1)], out: [[2, 12]] },
  { op: 'Reshape', in: [[2, 3, 4], ints(-1)], out: [[24]] },
  { op: 'Reshape', opset: 1, in: [[2, 3, 4]], attributes: { shape: [6, 4] }, out: [[6, 4]] },
  { op: 'Reshape', in: [[0, 3], ints(3, 0)], attributes: { allowzero: 1 }, out: [[3, 0]] },
  { op: 'Flatten', in: [[2, 3, 4, 5]], out: [[2, 60]] },
  { op: 'Flatten', in: [[2, 3, 4, 5]], attributes: { axis: -1 }, out: [[24, 5]] },
  { op: 'Flatten', in: [[2, 3]], attributes: { axis: 0 }, out: [[1, 6]] },
  { op: 'Squeeze', in: [[1, 3, 1, 5], ints(-2)], out: [[1, 3, 5]] },
  { op: 'Squeeze', opset: 11, in: [[1, 3, 1]], attributes: { axes: [0] }, out: [[3, 1]] },
  { op: 'Squeeze', in: [[1, 3, 1]], out: [[3]] },
  { op: 'Unsqueeze', in: [[3, 4], ints(0, -1)], out: [[1, 3, 4, 1]] },
  { op: 'Unsqueeze', opset: 9, in: [[3, 4]], attributes: { axes: [1] }, out: [[3, 1, 4]] },
  { op: 'Transpose', in: [[2, 3, 4]], out: [[4, 3, 2]] },
  { op: 'Transpose', in: [[2, 3, 4]], attributes: { perm: [0, 2, 1] }, out: [[2, 4, 3]] },
  { op: 'Concat', in: [[2, 3], [2, 4]], attributes: { axis: -1 }, out: [[2, 7]] },
  { op: 'Split', in: [[7, 2]], out: [[4, 2], [3, 2]] },
  { op: 'Split', opset: 18, in: [[7, 2]], attributes: { num_outputs: 3 }, out: [[3, 2], [3, 2], [1, 2]] },
  { op: 'Split', opset: 11, in: [[7, 2]], attributes: { split: [2, 5] }, out: [[2, 2], [5, 2]] },
  { op: 'Split', in: [[2, 6], ints(1, 5)], attributes: { axis: 1 }, out: [[2, 1], [2, 5]] },
  { op: 'Slice', in: [[10, 20], ints(1), ints(toTheEnd), ints(1)], out: [[10, 19]] },
  { op: 'Slice', in: [[10, 20], ints(0, 0), ints(-1, 10), ints(0, 1), ints(1, 3)], out: [[9, 4]] },
  { op: 'Slice', in: [[10], ints(-1), ints(fromTheBegin), ints(0), ints(-1)], out: [[10]] },
  { op: 'Slice', in: [[10], ints(8), ints(2), ints(0), ints(-4)], out: [[2]] },
  { op: 'Slice', opset: 9, in: [[10, 20]], attributes: { starts: [2, -3], ends: [5, 1000] }, out: [[3, 3]] },
  { op: 'Slice', in: [[10], ints(20), ints(30)], out: [[0]] },
  { op: 'Gather', in: [[5, 6], [2, 3]], out: [[2, 3, 6]] },
  { op: 'Gather', in: [[5, 6], scalar(2)], attributes: { axis: 1 }, out: [[5]] },
  { op: 'GatherElements', in: [[5, 6], [2, 6]], out: [[2, 6]] },
  { op: 'GatherND', in: [[2, 3, 4], [5, 2]], out: [[5, 4]] },
  { op: 'GatherND', in: [[2, 3, 4], [2, 1]], attributes: { batch_dims: 1 }, out: [[2, 4]] },
  { op: 'ScatterND', in: [[4, 4], [2, 1], [2, 4]], out: [[4, 4]] },
  { op: 'Expand', in: [[3, 1], ints(2, 1, 6)], out: [[2, 3, 6]] },
  { op: 'Tile', in: [[2, 3], ints(2, 1)], out: [[4, 3]] },
  { op: 'Pad', in: [[2, 3], ints(0, 1, 0, 2)], out: [[2, 6]] },
  { op: 'Pad', in: [[1, 3, 8, 8], ints(-1, 2, -1, 2), undefined, ints(2, 3)], opset: 18, out: [[1, 3, 6, 12]] },
  { op: 'Pad', opset: 2, in: [[2, 3]], attributes: { pads: [0, 1, 0, 1] }, out: [[2, 5]] },
  { op: 'DepthToSpace', in: [[1, 8, 2, 3]], attributes: { blocksize: 2 }, out: [[1, 2, 4, 6]] },
  { op: 'SpaceToDepth', in: [[1, 2, 4, 6]], attributes: { blocksize: 2 }, out: [[1, 8, 2, 3]] },
  { op: 'ReduceMean', in: [[2, 3, 4]], attributes: { axes: [1, -1], keepdims: 0 }, out: [[2]] },
  { op: 'ReduceMean', opset: 18, in: [[2, 3, 4], ints(1)], out: [[2, 1, 4]] },
  { op: 'ReduceSum', in: [[2, 3]], out: [[1, 1]] },
  { op: 'ReduceSum', in: [[2, 3]], attributes: { noop_with_empty_axes: 1 }, out: [[2, 3]] },
  { op: 'ArgMax', in: [[2, 3]], attributes: { axis: 1, keepdims: 0 }, out: [[2]] },
  { op: 'TopK', in: [[2, 9], ints(4)], out: [[2, 4], [2, 4]] },
  { op: 'TopK', opset: 1, in: [[2, 9]], attributes: { k: 3 }, out: [[2, 3], [2, 3]] },
  { op: 'OneHot', in: [[2, 3], scalar(10), [2]], out: [[2, 3, 10]] },
  { op: 'MaxPool', in: [[1, 8, 112, 112]], attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }, out: [[1, 8, 56, 56]] },
  { op: 'MaxPool', in: [[1, 8, 112, 112]], attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, out: [[1, 8, 56, 56]] },
  { op: 'AveragePool', in: [[1, 1, 7]], attributes: { kernel_shape: [2], auto_pad: 'SAME_UPPER', strides: [2] }, out: [[1, 1, 4]] },
  { op: 'GlobalAveragePool', in: [[2, 3, 4, 5]], out: [[2, 3, 1, 1]] },
  { op: 'MaxUnpool', in: [[1, 1, 2, 2], [1, 1, 2, 2]], attributes: { kernel_shape: [2, 2], strides: [2, 2] }, out: [[1, 1, 4, 4]] },
  { op: 'RoiAlign', in: [[1, 8, 20, 20], [5, 4], [5]], attributes: { output_height: 7, output_width: 6 }, out: [[5, 8, 7, 6]] },
  { op: 'Resize', in: [[1, 2, 33, 3], none, none, ints(1, 2, 65, 9)], out: [[1, 2, 65, 9]] },
  { op: 'Resize', in: [[1, 2, 33, 3], none, floats(1, 1, 1.5, 0.34)], out: [[1, 2, 49, 1]] },
  { op: 'Resize', opset: 10, in: [[1, 2, 5, 5], floats(1, 1, 2, 2)], out: [[1, 2, 10, 10]] },
  { op: 'Resize', opset: 18, in: [[1, 2, 30, 40], undefined, undefined, ints(60, 60)], attributes: { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' }, out: [[1, 2, 45, 60]] },
  { op: 'Upsample', opset: 9, in: [[1, 2, 5, 5], floats(1, 1, 2, 3)], out: [[1, 2, 10, 15]] },
  { op: 'Upsample', opset: 7, in: [[1, 2, 5, 5]], attributes: { scales: { floats: [1, 1, 2, 2] } }, out: [[1, 2, 10, 10]] },
  { op: 'GridSample', in: [[1, 2, 5, 5], [1, 7, 9, 2]], out: [[1, 2, 7, 9]] },
  { op: 'Conv', in: [[1, 4, 10, 10], { dims: [6, 2, 3, 3] }], attributes: { group: 2, strides: [2, 2], pads: [0, 1, 1, 0] }, out: [[1, 6, 5, 5]] },
  { op: 'ConvTranspose', in: [[1, 4, 5], { dims: [4, 3, 3] }], attributes: { strides: [2], output_padding: [1] }, out: [[1, 3, 12]] },
  { op: 'ConvTranspose', in: [[1, 4, 5], { dims: [4, 3, 3] }], attributes: { strides: [2], output_shape: [10] }, out: [[1, 3, 10]] },
  { op: 'ConvTranspose', in: [[1, 4, 5], { dims: [4, 3, 3] }], attributes: { strides: [2], auto_pad: 'SAME_UPPER' }, out: [[1, 3, 10]] },
  { op: 'MatMul', in: [[2, 1, 4, 5], [3, 5, 6]], out: [[2, 3, 4, 6]] },
  { op: 'MatMul', in: [[5], [3, 5, 6]], out: [[3, 6]] },
  { op: 'MatMul', in: [[4, 5], [5]], out: [[4]] },
  { op: 'Gemm', in: [[5, 4], [6, 5]], attributes: { transA: 1, transB: 1 }, out: [[4, 6]] },
  { op: 'Einsum', in: [[2, 3, 4], [2, 4, 5]], attributes: { equation: 'bij, bjk -> bik' }, out: [[2, 3, 5]] },
  { op: 'Einsum', in: [[7, 2, 3], [3, 4]], attributes: { equation: '...ij,jk' }, out: [[7, 2, 4]] },
  { op: 'LSTM', in: [[7, 2, 3], { dims: [2, 20, 3] }, { dims: [2, 20, 5] }], out: [[7, 2, 2, 5], [2, 2, 5], [2, 2, 5]] },
  { op: 'LayerNormalization', in: [[2, 3, 4], { dims: [4] }], out: [[2, 3, 4], [2, 3, 1]] },
  { op: 'DynamicQuantizeLinear', in: [[2, 3]], out: [[2, 3], [], []] },
];

describe('shape rules', () => {
  it.each(cases)('$op of opset $opset: $in $attributes gives $out', async each => {
    expect(await shapesOf(each)).toEqual(each.out);
  });
});

describe('folding of shape arithmetic', () => {
  /** Wraps nodes that make `target` from a 2x3x8x9 input: the result is reshaped to it. */
  const reshapedBy = async (
    nodes: readonly Uint8Array[],
    weights: Readonly<Record<string, TensorSpec>> = {},
    opset = 13,
  ) => {
    const { layers } = await read({
      opset,
      inputs: { x: [2, 3, 8, 9] },
      weights,
      nodes: [...nodes, node('Reshape', ['x', 'target'], ['y'])],
    });
    return layers.map(({ op, outputs }) => [op, outputs[0]?.shape]);
  };

  it('follows a channel shuffle as PyTorch writes it', async () => {
    const shape = node('Shape', ['x'], ['shape']);
    const pick = (at: number) => node('Gather', ['shape', `at${at}`], [`d${at}`]);
    const wrap = (name: string) => node('Unsqueeze', [name, 'zero'], [`${name}u`]);
    const nodes = [
      shape,
      ...[0, 1, 2].map(pick),
      node('Div', ['d1', 'groups'], ['per']),
      ...['d0', 'groups', 'per', 'd2'].map(wrap),
      node('Concat', ['d0u', 'groupsu', 'peru', 'd2u', 'rest'], ['target'], { axis: 0 }),
    ];
    const weights = {
      at0: scalar(0),
      at1: scalar(1),
      at2: scalar(2),
      groups: scalar(3),
      zero: ints(0),
      rest: ints(-1),
    };
    expect(await reshapedBy(nodes, weights)).toEqual([['Reshape', [2, 3, 1, 8, 9]]]);
  });

  it('divides whole numbers towards zero, floats exactly', async () => {
    const nodes = [
      node('Div', ['n', 'd'], ['q']),
      node('Cast', ['n'], ['nf'], { to: 1 }),
      node('Cast', ['d'], ['df'], { to: 1 }),
      node('Div', ['nf', 'df'], ['qf']),
      node('Ceil', ['qf'], ['up']),
      node('Cast', ['up'], ['upi'], { to: 7 }),
      node('Concat', ['q', 'upi', 'open'], ['target'], { axis: 0 }),
    ];
    // 7 / 2 is 3 and 4; 432 = 3 * 4 * 36.
    expect(await reshapedBy(nodes, { n: ints(7), d: ints(2), open: ints(-1) })).toEqual([
      ['Reshape', [3, 4, 36]],
    ]);
  });

  it('follows -1 through Where, Equal and ConstantOfShape, as expand writes it', async () => {
    const { layers } = await read({
      inputs: { x: [1, 1, 5] },
      weights: { given: ints(4, -1, -1), len: ints(3), minus: ints(-1) },
      nodes: [
        node('ConstantOfShape', ['len'], ['ones'], { value: { tensor: { dims: [1], ints: [1] } } }),
        node('Mul', ['ones', 'minus'], ['open']),
        node('Equal', ['given', 'open'], ['isOpen']),
        node('Where', ['isOpen', 'ones', 'given'], ['target']),
        node('Expand', ['x', 'target'], ['y']),
      ],
    });
    expect(layers.map(({ outputs }) => outputs[0]?.shape)).toEqual([[4, 1, 5]]);
  });

  it('follows Range, Slice backwards, Split, NonZero, ReduceProd and Max', async () => {
    const nodes = [
      node('Range', ['one', 'four', 'one'], ['r']),
      node('Slice', ['r', 'last', 'begin', 'zero', 'back'], ['reversed']),
      node('Split', ['reversed'], ['a', 'b', 'c'], { axis: 0 }),
      node('NonZero', ['r'], ['places']),
      node('ReduceProd', ['r'], ['six'], { keepdims: 0 }),
      node('Unsqueeze', ['six', 'zero'], ['sixes']),
      node('Max', ['a', 'b', 'c'], ['three']),
      node('Squeeze', ['places', 'zero'], ['flat']),
      node('Shape', ['flat'], ['count']),
      node('Concat', ['sixes', 'three', 'count', 'open'], ['target'], { axis: 0 }),
    ];
    const weights = {
      one: scalar(1),
      four: scalar(4),
      last: ints(-1),
      begin: ints(fromTheBegin),
      back: ints(-1),
      zero: ints(0),
      open: ints(-1),
    };
    expect(await reshapedBy(nodes, weights)).toEqual([['Reshape', [6, 3, 3, 8]]]);
  });

  it('knows a Resize by sizes that are computed from another map', async () => {
    const { layers } = await read({
      inputs: { x: [1, 2, 7, 7], like: [1, 5, 33, 21] },
      weights: { two: ints(2), four: ints(4), zero: ints(0), none },
      nodes: [
        node('Shape', ['like'], ['ls']),
        node('Slice', ['ls', 'two', 'four', 'zero'], ['hw']),
        node('Cast', ['hw'], ['hwi'], { to: 7 }),
        node('Shape', ['x'], ['xs']),
        node('Slice', ['xs', 'zero', 'two', 'zero'], ['nc']),
        node('Concat', ['nc', 'hwi'], ['sizes'], { axis: 0 }),
        node('Resize', ['x', 'none', 'none', 'sizes'], ['y']),
      ],
    });
    expect(layers.map(({ op, outputs }) => [op, outputs[0]?.shape])).toEqual([['Resize', [1, 2, 33, 21]]]);
  });
});
