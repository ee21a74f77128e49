import type { DType } from '../../model/dtype.js';
import type { Param, ParamStore } from '../../model/network.js';
import { elementCount, type Shape } from '../../model/shape.js';
import type { ByteSource } from '../byte-source.js';
import type { Names } from './names.js';
import { isFloat, type StoredTensor, valueSource } from './stored-tensor.js';
import type { UndoLog } from './undo-log.js';

/**
 * How a layer uses a tensor: as the weight or the bias of a counted layer, as what a free one computes with
 * (scales of norms, tables), or as what it only keeps (running statistics, scales of quantized tensors).
 */
export type Role = 'weight' | 'operand' | 'buffer';

/** Operators whose second input, a scale, only says how the first is written. */
export const quantizers: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear']);

const integerWeights: ReadonlySet<string> = new Set(['i4', 'u4', 'i8', 'u8', 'i16', 'u16', 'i32']);

/** Whether the values could be weights: floats, or the integers of a quantized network. */
export const mayBeWeights = ({ dtype }: StoredTensor): boolean => isFloat(dtype) || integerWeights.has(dtype);

/** What bytes hold that several values are packed into. */
export interface Unpacked {
  readonly shape: Shape;
  readonly dtype: DType;
}

interface Entry {
  param: Param;
  readonly stored: StoredTensor;
  readonly roles: Set<Role>;
  isTurned: boolean;
}

/**
 * The stored tensors of a network, each once, however many layers, names and subgraphs share it. Float
 * initializers are always in; other tensors where a layer computes with them.
 */
export class Params {
  readonly #source: ByteSource;
  readonly #names: Names;
  readonly #undo: UndoLog;
  readonly #known = new Map<StoredTensor['place'], Entry>();

  constructor(source: ByteSource, names: Names, undo: UndoLog) {
    this.#source = source;
    this.#names = names;
    this.#undo = undo;
  }

  /** Takes a tensor in, and returns its name among the params. */
  add(stored: StoredTensor): string {
    return this.#entry(stored).param.name;
  }

  /** Turns a matrix round to `[outputs, inputs]`, as dense layers have their weights, where the file has it as `[k, n]`. */
  turn(stored: StoredTensor): void {
    const entry = this.#entry(stored);
    const [k, n] = stored.shape;
    if (entry.isTurned || stored.shape.length !== 2 || stored.shape !== stored.storedShape) return;
    const { param } = entry;
    this.#undo.record(() => Object.assign(entry, { param, isTurned: false }));
    entry.isTurned = true;
    const { values } = param;
    entry.param = {
      ...param,
      shape: [n!, k!],
      values:
        values.type === 'payload'
          ? { type: 'payload', read: async () => transposed(await values.read(), k!, n!) }
          : values,
    };
  }

  /** Takes a tensor of packed bytes for the values in them: for `run` the file does not hold those. */
  unpack(stored: StoredTensor, { shape, dtype }: Unpacked): void {
    const entry = this.#entry(stored);
    const { param } = entry;
    this.#undo.record(() => Object.assign(entry, { param }));
    entry.param = { ...param, shape, dtype, values: { type: 'absent' } };
  }

  /** Notes how a layer uses a tensor. One that is a weight anywhere is a weight. */
  use(stored: StoredTensor, role: Role): string {
    const entry = this.#entry(stored);
    if (!entry.roles.has(role)) {
      entry.roles.add(role);
      this.#undo.record(() => entry.roles.delete(role));
    }
    return entry.param.name;
  }

  store(): ParamStore {
    const entries = [...this.#known.values()];
    const keepsWeightsApart = entries.some(
      ({ stored, roles }) => stored.isInitializer && roles.has('weight'),
    );
    return new Map(
      entries.map(entry => [
        entry.param.name,
        { ...entry.param, learned: isLearned(entry, keepsWeightsApart) },
      ]),
    );
  }

  #entry(stored: StoredTensor): Entry {
    const { place, name, storedShape, dtype } = stored;
    let entry = this.#known.get(place);
    if (entry === undefined) {
      const values = valueSource(this.#source, stored);
      const param = { name: this.#names.take(name), shape: storedShape, dtype, learned: true, values };
      entry = { param, stored, roles: new Set(), isTurned: false };
      this.#known.set(place, entry);
      this.#undo.record(() => this.#known.delete(place));
    }
    return entry;
  }
}

/**
 * Where a file keeps its weights in initializers, the `Constant` operands of its free layers are numbers of
 * formulas: means and deviations of pictures, anchors, the ones and zeros of a norm that learns nothing.
 */
function isLearned({ stored, roles }: Entry, keepsWeightsApart: boolean): boolean {
  const isConstant = !stored.isInitializer && stored.content.kind === 'payload';
  return (
    roles.size === 0 || roles.has('weight') || (roles.has('operand') && !(isConstant && keepsWeightsApart))
  );
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}

/** A constant of one element is a number in a formula (an epsilon, a scale), not a weight. */
export const isLone = ({ shape }: StoredTensor): boolean => elementCount(shape) <= 1;
