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

  constant(shape: Shape, values: Float32Array): string {
    const name = `constant${this.#constants.length}`;
    this.#constants.push({ name, shape, values });
    return name;
  }

  scalar(value: number): string {
    return this.constant([], Float32Array.of(value));
  }

  model(inputs: readonly OnnxTensor[], output: OnnxTensor): OnnxModel {
    return { inputs, outputs: [output], nodes: this.#nodes, constants: this.#constants };
  }
}
