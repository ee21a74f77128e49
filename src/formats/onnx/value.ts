import type { DType } from '../../model/dtype.js';
import type { Shape } from '../../model/shape.js';
import type { StoredTensor } from './stored-tensor.js';

/** What is known of a tensor before anything runs. */
export interface Value {
  /** Unique in the network, also where a subgraph is walked several times. */
  readonly name: string;
  readonly dtype: DType;
  /** Undefined where it depends on the values that flow. */
  readonly shape: Shape | undefined;
  /** Follows from stored tensors and constants alone: computed before the first run, at no cost. */
  readonly isStatic: boolean;
  /** The stored tensors that a static value is made of. */
  readonly origins: readonly StoredTensor[];
  /** The elements, row-major, of a small tensor that does not depend on the data. */
  readonly data: () => readonly number[] | undefined;
  /** The parts of a sequence whose length is known. */
  readonly items: readonly Value[] | undefined;
  /** Where the value is another one with zeros around it: what a convolution can pad by itself. */
  readonly padded: Padded | undefined;
  /** Where the shape, or the elements of a constant, are not known: what they depend on, where that begins. */
  readonly obstacle: string | undefined;
}

export interface Padded {
  readonly value: Value;
  /** Spatial edges, begins and then ends. */
  readonly edges: readonly number[];
}

/** What a shape rule says about one output. What it leaves out: the dtype of the first input, no data. */
export interface Inferred {
  readonly shape: Shape | undefined;
  readonly dtype?: DType | undefined;
  readonly data?: readonly number[] | undefined;
  readonly items?: readonly Value[] | undefined;
  readonly padded?: Padded | undefined;
  readonly obstacle?: string | undefined;
}

/** Values beyond this many elements are never computed: shapes are made of short lists. */
export const mostFolded = 4096;

/** The same function of no arguments, which does its work once, when first asked. */
export function once<T>(work: () => T): () => T {
  let result: { value: T } | undefined;
  return () => {
    result ??= { value: work() };
    return result.value;
  };
}

/** Says that a shape cannot be known without running the network. Not an error: the layer becomes unknown. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown';
  /** What it depends on, where that lies before the node that asks. */
  readonly obstacle: string | undefined;

  constructor(message: string, obstacle?: string) {
    super(obstacle === undefined ? message : `the shape depends on ${obstacle}`);
    this.obstacle = obstacle;
  }
}

export const quote = (name: string): string => `'${name.length > 80 ? `${name.slice(0, 77)}...` : name}'`;

/** An obstacle: small values, sizes mostly, that the model file leaves to another one. */
export const valuesOutside = (name: string, file: string): string =>
  `the values of ${quote(name)}, which lie in the external file ${quote(file)}, which is not opened: ` +
  'save the model with small tensors inside (size_threshold=1024, the default of onnx.save_model)';

/** An obstacle: a node whose output has no known shape, though those of its inputs are known. */
export const outputOf = (op: string, label: string): string => `the output of ${op} ${quote(label)}`;
