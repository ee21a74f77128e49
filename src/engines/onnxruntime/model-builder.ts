import type { Shape } from '../../model/shape.js';
import type { Attributes, OnnxConstant, OnnxModel, OnnxNode, OnnxTensor } from './write-model.js';

/** Strings nodes together; every node and every constant gets a name of its own. */
export class ModelBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants: OnnxConstant[] = [];

  /** Adds a node; returns the name of its output. */
  apply(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const name = `${op}${this.#nodes.length}`;
    const output = `${name}:0`;
    this.#nodes.push({ name, op, inputs, output, attributes });
    return output;
  }

  constant(shape: Shape, values: Float32Array | BigInt64Array): string {
    const name = `constant${this.#constants.length}`;
    this.#constants.push({ name, shape, values });
    return name;
  }

  scalar(value: number): string {
    return this.constant([], Float32Array.of(value));
  }

  /** A list of whole numbers, as operators take shapes and positions. */
  integers(values: readonly number[]): string {
    return this.constant([values.length], BigInt64Array.from(values, BigInt));
  }

  /** The nodes of one layer: the first is called like the layer, the tensor of the last like its output. */
  layer(name: string, output: string, emit: () => string): string {
    const begin = this.#nodes.length;
    const result = emit();
    const end = this.#nodes.length;
    if (end === begin) return result;
    this.#nodes[begin] = { ...this.#nodes[begin]!, name };
    this.#nodes[end - 1] = { ...this.#nodes[end - 1]!, output };
    return output;
  }

  model(inputs: readonly OnnxTensor[], outputs: readonly OnnxTensor[]): OnnxModel {
    return { inputs, outputs, nodes: this.#nodes, constants: this.#constants };
  }
}
