import type { ConvcostError } from '../../errors.js';
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
import { UndoLog } from './undo-log.js';
import { type Inferred, once, type Value } from './value.js';

/** A branch of an If that makes no sense at the sizes given, so that the other one is counted. */
export interface Misfit {
  readonly label: string;
  readonly branch: 'then' | 'else';
  readonly error: ConvcostError;
}

/** What a walk finds out about a model, wherever it stands in it: names, values, stored tensors. */
export class Findings {
  /** What a branch that is given up takes back. */
  readonly undo = new UndoLog();
  readonly layerNames = new Names(this.undo);
  readonly params: Params;
  readonly #valueNames = new Names(this.undo);
  readonly #openBranches: string[] = [];
  readonly #misfits: Misfit[] = [];
  readonly #absorbed = new Set<string>();
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
    this.params = new Params(source, new Names(this.undo), this.undo);
  }

  /** Ifs that the data decides, each with the branch that is counted. */
  get openBranches(): readonly string[] {
    return this.#openBranches;
  }

  get misfits(): readonly Misfit[] {
    return this.#misfits;
  }

  /** Padded values that a convolution pads by itself: their Pad is no layer, unless something else reads them. */
  get absorbed(): ReadonlySet<string> {
    return this.#absorbed;
  }

  noteOpenBranch(branch: string): void {
    this.#openBranches.push(branch);
    this.undo.record(() => this.#openBranches.pop());
  }

  noteMisfit(misfit: Misfit): void {
    this.#misfits.push(misfit);
    this.undo.record(() => this.#misfits.pop());
  }

  absorb(padded: string): void {
    if (this.#absorbed.has(padded)) return;
    this.#absorbed.add(padded);
    this.undo.record(() => this.#absorbed.delete(padded));
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
