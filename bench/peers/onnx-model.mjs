// A chain of convolutions as an ONNX model: the few messages of onnx.proto that it takes, written by hand.

const varint = value => {
  const bytes = [];
  while (value >= 0x80) {
    bytes.push((value & 0x7f) | 0x80);
    value = Math.floor(value / 0x80);
  }
  return Buffer.from([...bytes, value]);
};

const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));
const raw = values => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

const float32 = 1;
const intsType = 7;
const intType = 2;

const intsAttribute = (name, values) =>
  message(5, text(1, name), ...values.map(value => number(8, value)), number(20, intsType));
const intAttribute = (name, value) => message(5, text(1, name), number(3, value), number(20, intType));

const node = (op, inputs, output, ...attributes) =>
  message(1, ...inputs.map(input => text(1, input)), text(2, output), text(4, op), ...attributes);

const tensor = (name, dims, values) =>
  message(5, ...dims.map(dim => number(1, dim)), number(2, float32), text(8, name), bytes(9, raw(values)));

const valueInfo = (field, name, dims) =>
  message(
    field,
    text(1, name),
    message(2, message(1, number(1, float32), message(2, ...dims.map(dim => message(1, number(1, dim)))))),
  );

/** @param values for each layer its weights `[outChannels, inChannels / groups, kernel, kernel]` and bias */
export function onnxChain(layers, values) {
  const parts = layers.flatMap((layer, at) => {
    const from = at === 0 ? 'x' : `y${at - 1}`;
    const [begin, end] = layer.pads;
    const { weights, bias } = values[at];
    return [
      node(
        'Conv',
        [from, `w${at}`, `b${at}`],
        `c${at}`,
        intsAttribute('kernel_shape', [layer.kernel, layer.kernel]),
        intsAttribute('strides', [layer.stride, layer.stride]),
        intsAttribute('pads', [begin, begin, end, end]),
        intAttribute('group', layer.groups),
      ),
      node('Relu', [`c${at}`], `y${at}`),
      tensor(
        `w${at}`,
        [layer.outChannels, layer.inChannels / layer.groups, layer.kernel, layer.kernel],
        weights,
      ),
      tensor(`b${at}`, [layer.outChannels], bias),
    ];
  });
  const [firstLayer, last] = [layers[0], layers.at(-1)];
  const graph = message(
    7,
    ...parts,
    text(2, 'chain'),
    valueInfo(11, 'x', [1, firstLayer.inChannels, firstLayer.size, firstLayer.size]),
    valueInfo(12, `y${layers.length - 1}`, [1, last.outChannels, last.output, last.output]),
  );
  return Buffer.concat([number(1, 8), graph, message(8, text(1, ''), number(2, 13))]);
}
