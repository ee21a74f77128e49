import type { Shape } from '../../model/shape.js';
import {
  bytesField,
  floatField,
  intField,
  joinParts,
  type Message,
  messageField,
  textField,
} from './protobuf.js';

/** A graph of operators of ONNX. What flows is float32; shapes and positions are int64 constants. */
export interface OnnxModel {
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly shape: Shape;
}

export interface OnnxConstant extends OnnxTensor {
  readonly values: Float32Array | BigInt64Array;
}

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

export type Attributes = Readonly<Record<string, Attribute>>;
export type Attribute = { readonly int: number } | { readonly float: number } | { readonly ints: Shape };

/** The operator set whose meaning the nodes have, and the version of the file that goes with it. */
const opset = 20;
const irVersion = 9;
/** TensorProto.DataType. */
const float32 = 1;
const int64 = 7;

/**
 * A model file of ONNX.
 *
 * Source: onnx/onnx.proto, for the numbers of fields.
 */
export const writeModel = ({ inputs, outputs, nodes, constants }: OnnxModel): Uint8Array =>
  joinParts([
    ...intField(1, irVersion),
    ...messageField(8, textField(1, ''), intField(2, opset)),
    ...messageField(
      7,
      ...nodes.map(node => messageField(1, ...nodeFields(node))),
      textField(2, 'convcost'),
      ...constants.map(constant => messageField(5, ...constantFields(constant))),
      ...inputs.map(input => messageField(11, ...valueFields(input))),
      ...outputs.map(output => messageField(12, ...valueFields(output))),
    ),
  ]);

const nodeFields = ({ name, op, inputs, output, attributes }: OnnxNode): Message[] => [
  ...inputs.map(input => textField(1, input)),
  textField(2, output),
  textField(3, name),
  textField(4, op),
  ...Object.entries(attributes).map(([key, value]) =>
    messageField(5, textField(1, key), ...attributeFields(value)),
  ),
];

/** The value of an attribute, and its AttributeType. */
function attributeFields(attribute: Attribute): Message[] {
  if ('int' in attribute) return [intField(3, attribute.int), intField(20, 2)];
  if ('float' in attribute) return [floatField(2, attribute.float), intField(20, 1)];
  return [...attribute.ints.map(value => intField(8, value)), intField(20, 7)];
}

const constantFields = ({ name, shape, values }: OnnxConstant): Message[] => [
  ...shape.map(size => intField(1, size)),
  intField(2, values instanceof Float32Array ? float32 : int64),
  textField(8, name),
  bytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
];

const valueFields = ({ name, shape }: OnnxTensor): Message[] => [
  textField(1, name),
  messageField(
    2,
    messageField(
      1,
      intField(1, float32),
      messageField(2, ...shape.map(size => messageField(1, intField(1, size)))),
    ),
  ),
];
