import { ConvcostError } from '../../errors.js';
import type { Shape } from '../../model/shape.js';
import type { AttributeProto, NodeProto, TensorProto } from './schema.js';
import { NotKnown, quote, type Value } from './value.js';

/** One node with what flows in: the view that shape rules and lowerings have of the file. */
export class NodeContext {
  /** What the user reads: the node's name, else its weight's. */
  readonly label: string;
  readonly op: string;
  /** The version of the operator set that the node's meaning follows. */
  readonly opset: number;
  readonly outputCount: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly #node: NodeProto;
  readonly #callAttributes: ReadonlyMap<string, AttributeProto>;
  readonly #read: (tensor: TensorProto) => readonly number[] | undefined;

  constructor(
    node: NodeProto,
    inputs: readonly (Value | undefined)[],
    options: {
      readonly label: string;
      readonly opset: number;
      readonly callAttributes: ReadonlyMap<string, AttributeProto>;
      /** Reads the elements of a short tensor that an attribute holds. */
      readonly read: (tensor: TensorProto) => readonly number[] | undefined;
    },
  ) {
    this.#read = options.read;
    this.#node = node;
    this.#callAttributes = options.callAttributes;
    this.label = options.label;
    this.opset = options.opset;
    this.op = node.op;
    this.outputCount = node.outputs.length;
    this.inputs = inputs;
  }

  /** @throws ConvcostError `input-missing` where the node leaves it out */
  input(index: number): Value {
    const value = this.inputs[index];
    if (value === undefined) throw new ConvcostError('input-missing', { op: this.op, index });
    return value;
  }

  /** @throws NotKnown where the shape depends on the data */
  shape(index: number): Shape {
    return shapeOf(this.input(index));
  }

  /** The elements of an input that must be known for the shape to be. */
  values(index: number): readonly number[] {
    const value = this.input(index);
    const data = value.data();
    if (data === undefined)
      throw new NotKnown(`the shape depends on the values of ${quote(value.name)}`, value.obstacle);
    return data;
  }

  /** The elements of an optional input; undefined where it is left out or empty. */
  optionalValues(index: number): readonly number[] | undefined {
    const value = this.inputs[index];
    if (value === undefined || value.shape?.includes(0)) return undefined;
    return this.values(index);
  }

  data(index: number): readonly number[] | undefined {
    return this.inputs[index]?.data();
  }

  attribute(name: string): AttributeProto | undefined {
    const own = this.#node.attributes.find(attribute => attribute.name === name);
    if (own === undefined || own.reference === '') return own;
    return this.#callAttributes.get(own.reference);
  }

  /** Attributes with the caller's in place of references: what a function's body sees. */
  resolvedAttributes(): ReadonlyMap<string, AttributeProto> {
    return new Map(
      this.#node.attributes.flatMap(({ name }) => {
        const found = this.attribute(name);
        return found ? [[name, found] as const] : [];
      }),
    );
  }

  /** The first element of a tensor that an attribute holds. */
  tensorValue(name: string): number | undefined {
    const tensor = this.attribute(name)?.tensor;
    return tensor && this.#read(tensor)?.[0];
  }

  int(name: string, fallback: number): number;
  int(name: string): number | undefined;
  int(name: string, fallback?: number): number | undefined {
    return this.attribute(name)?.int ?? fallback;
  }

  float(name: string, fallback: number): number {
    return this.attribute(name)?.float ?? fallback;
  }

  text(name: string, fallback: string): string {
    return this.attribute(name)?.text ?? fallback;
  }

  /** The whole numbers of a list; undefined where the attribute is left out. */
  ints(name: string): readonly number[] | undefined {
    return this.attribute(name)?.ints;
  }

  /** Axes that opset 13 (18 for reductions) moved from an attribute to an input. */
  axesFrom(index: number): readonly number[] | undefined {
    return this.ints('axes') ?? this.optionalValues(index);
  }

  /** An axis as a place in 0..rank-1; ONNX counts from the end with negative ones. */
  axis(axis: number, rank: number, name = 'axis'): number {
    const place = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(place) || place < 0 || place >= rank)
      this.refuse(name, axis, `an axis of a tensor of rank ${rank}`);
    return place;
  }

  /** @throws ConvcostError `attribute-invalid` */
  refuse(attribute: string, value: unknown, expected: string): never {
    throw new ConvcostError('attribute-invalid', { op: this.op, attribute, value, expected });
  }

  /** @throws ConvcostError `shapes-disagree` */
  disagree(what: string, ...shapes: readonly Shape[]): never {
    throw new ConvcostError('shapes-disagree', { op: this.op, what, shapes });
  }
}

export function shapeOf(value: Value): Shape {
  if (value.shape === undefined)
    throw new NotKnown(`the shape of ${quote(value.name)} depends on the data`, value.obstacle);
  return value.shape;
}
