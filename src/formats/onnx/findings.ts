import type { ByteSource } from '../byte-source.js';
import { Names } from './names.js';
import { mayBeWeights, Params } from './params.js';
import type { TensorProto } from './schema.js';
import {
  checkedShape,
  isFloat,
  readSmall,
  type StoredTensor,
  storeTensor,
  whyNotRead,
} from './stored-tensor.js';
import { type Inferred, once, type Value } from './value.js';

/** What a walk finds out about a model, wherever it stands in it: names, values, stored tensors. */
export class Findings {
  /** Ifs that the data decides, each with the branch that is counted. */
  readonly openBranches: string[] = [];
  /** Padded values that a convolution pads by itself: their Pad is no layer, unless something else reads them. */
  readonly absorbed = new Set<string>();
  readonly layerNames = new Names();
  readonly params: Params;
  readonly #valueNames = new Names();
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
    this.params = new Params(source, new Names());
  }

  /** A value of the network, under a name of its own. */
  value(
    name: string,
    { shape, dtype, data, items, padded, obstacle }: Inferred,
    isStatic = false,
    origins: Value['origins'] = [],
  ): Value {
    return {
      name: this.#valueNames.take(name),
      dtype: dtype ?? 'f32',
      shape: shape && checkedShape(shape, name),
      isStatic,
      origins,
      data: () => data,
      items,
      padded,
      obstacle: items === undefined ? obstacle : undefined,
    };
  }

  /** The value of a tensor that the file holds. */
  stored(stored: StoredTensor): Value {
    if (stored.isInitializer && isFloat(stored.dtype)) this.params.add(stored);
    return {
      name: this.#valueNames.take(stored.name),
      dtype: stored.dtype,
      shape: stored.shape,
      isStatic: true,
      origins: mayBeWeights(stored) ? [stored] : [],
      data: once(() => readSmall(this.#source, stored)),
      items: undefined,
      padded: undefined,
      obstacle: whyNotRead(stored),
    };
  }

  /** The elements of a short tensor that an attribute of a node holds. */
  elements(tensor: TensorProto, label: string): readonly number[] | undefined {
    return readSmall(this.#source, storeTensor(tensor, label, false));
  }
}
