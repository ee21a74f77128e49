import { ConvcostError } from '../../errors.js';
import type { TensorInfo } from '../../model/layer.js';
import type { Shape } from '../../model/shape.js';
import type { InputOverrides } from '../input-overrides.js';
import { isBatch } from './batch.js';
import type { DimProto, GraphProto, ValueInfoProto } from './schema.js';
import { checkedShape, dtypeOf } from './stored-tensor.js';
import { type MissingInput, suggestedFlags } from './suggested-sizes.js';
import { isComposed, namesIn, sizeOfSymbol } from './symbols.js';

/** The inputs that a run must be given: those of the file without a default, with every size known. */
export interface BoundInputs {
  readonly tensors: readonly BoundInput[];
  readonly notes: readonly string[];
}

interface BoundInput extends Omit<TensorInfo, 'shape'> {
  readonly shape: Shape | undefined;
  /** The number that the user gives an input without axes. */
  readonly data?: readonly number[] | undefined;
}

/** An input as the file declares it. */
interface Declared {
  readonly name: string;
  /** Undefined where the file says nothing of its axes. */
  readonly dims: readonly DimProto[] | undefined;
  readonly info: ValueInfoProto;
}

/**
 * Binds every dim of every input: what the user gives wins, then the file, then a batch of 1.
 *
 * @throws ConvcostError `dims-missing` with the flag to paste
 */
export function bindInputs(graph: GraphProto, overrides: InputOverrides): BoundInputs {
  // Until IR version 3 initializers were listed as inputs too: those have a default.
  const stored = new Set(graph.initializers.map(({ name }) => name));
  const declared = graph.inputs
    .filter(({ name }) => !stored.has(name))
    .map(info => ({ name: info.name, info, dims: info.type?.tensor?.shape?.dims.map(withoutPlaceholder) }));
  checkNames(declared, overrides);

  const notes: string[] = [];
  const symbols = new Map(overrides.dims);
  const given = declared.map(input => givenShape(input, declared, overrides));
  for (const [index, { dims = [] }] of declared.entries()) {
    for (const [axis, { symbol }] of dims.entries()) {
      const size = given[index]?.[axis];
      if (symbol !== '' && size !== undefined && !symbols.has(symbol)) symbols.set(symbol, size);
    }
  }
  // A batch has one size wherever its symbol stands: recurrent states have it in the middle.
  const composedLast = declared.toSorted((a, b) => Number(beginsComposed(a)) - Number(beginsComposed(b)));
  for (const { name, dims = [] } of composedLast) {
    const symbol = dims[0]?.symbol;
    if (!symbol || sizeOfSymbol(symbol, symbols) !== undefined || !isBatch(symbol, dims.length)) continue;
    symbols.set(symbol, overrides.batch ?? 1);
    if (overrides.batch === undefined) notes.push(`batch 1 assumed for input ${name} (${symbol})`);
  }

  const missing: MissingInput[] = [];
  const tensors = declared.map((input, index): BoundInput => {
    const { name, info } = input;
    const type = info.type?.tensor?.type;
    const dtype = type ? dtypeOf(type) : 'f32';
    const isTensor = info.type === undefined || info.type.tensor !== undefined;
    // A sequence or an optional value: what depends on it is not known.
    if (!isTensor && given[index] === undefined) return { name, dtype, shape: undefined };
    const sizes = given[index] ?? boundSizes(input, symbols, overrides.batch, notes);
    if (sizes === undefined || sizes.includes(undefined)) {
      missing.push({ ...input, sizes, dtype });
      return { name, dtype, shape: undefined };
    }
    return {
      name,
      dtype,
      shape: checkedShape(sizes as Shape, name),
      data: givenNumber(input, declared, overrides),
    };
  });
  if (missing.length > 0) throw missingDims(missing, declared.length, symbols);
  return { tensors, notes };
}

/** Some exporters write a question mark for every size that is left open: no name, and not one size. */
const withoutPlaceholder = (dim: DimProto): DimProto =>
  /^(\?|none)$/i.test(dim.symbol) ? { ...dim, symbol: '' } : dim;

const beginsComposed = ({ dims }: Declared): boolean => isComposed(dims?.[0]?.symbol ?? '');

function givenShape(input: Declared, all: readonly Declared[], overrides: InputOverrides): Shape | undefined {
  const { name, dims } = input;
  const size = overrides.dims.get(name);
  // `NAME=5` is the shape of an input of one axis, the value of one without, unless NAME is a symbolic size.
  const isSingle = size !== undefined && dims !== undefined && dims.length > 0 && !isSymbol(name, all);
  const single = isSingle ? [size] : undefined;
  const shape = overrides.shapes.get(name) ?? single ?? overrides.shape;
  if (shape === undefined) return undefined;
  if (dims && dims.length !== shape.length) {
    throw new ConvcostError('input-rank', { input: name, given: shape, rank: dims.length });
  }
  return shape;
}

function givenNumber(
  { name, dims }: Declared,
  all: readonly Declared[],
  overrides: InputOverrides,
): readonly number[] | undefined {
  const number = overrides.dims.get(name);
  return dims?.length === 0 && number !== undefined && !isSymbol(name, all) ? [number] : undefined;
}

const isSymbol = (name: string, all: readonly Declared[]): boolean =>
  all.some(({ dims }) => dims?.some(({ symbol }) => symbol === name || namesIn(symbol).includes(name)));

/** Every name that the user writes must be an input or a symbol of the file. */
function checkNames(declared: readonly Declared[], { shape, shapes, dims }: InputOverrides): void {
  const names = declared.map(({ name }) => name);
  const written = declared.flatMap(input => input.dims?.map(({ symbol }) => symbol) ?? []);
  const symbols = [...new Set(written.flatMap(symbol => [...namesIn(symbol), symbol]))];
  const unknown =
    [...shapes.keys()].find(name => !names.includes(name)) ??
    [...dims.keys()].find(name => !names.includes(name) && !symbols.includes(name));
  if (unknown !== undefined) {
    throw new ConvcostError('input-unknown', {
      name: unknown,
      inputs: names,
      symbols: symbols.filter(Boolean),
    });
  }
  if (shape !== undefined && declared.length !== 1)
    throw new ConvcostError('input-ambiguous', { shape, inputs: names });
}

/** Sizes by the file, the symbols and the batch; undefined ones are missing. */
function boundSizes(
  { name, dims }: Declared,
  symbols: ReadonlyMap<string, number>,
  batch: number | undefined,
  notes: string[],
): readonly (number | undefined)[] | undefined {
  if (dims === undefined) return undefined;
  const hasBatch = dims.length >= 2;
  return dims.map((dim, axis) => {
    const size = sizeOfSymbol(dim.symbol, symbols);
    if (size !== undefined) return size;
    if (axis === 0 && hasBatch && batch !== undefined) return batch;
    // Some exporters write -1 for a size that is left open.
    if (dim.value !== undefined && dim.value !== -1) return dim.value;
    if (axis !== 0 || !isBatch(dim.symbol, dims.length)) return undefined;
    notes.push(`batch 1 assumed for input ${name}`);
    return 1;
  });
}

function missingDims(
  missing: readonly MissingInput[],
  inputCount: number,
  symbols: ReadonlyMap<string, number>,
): ConvcostError {
  const { name, dims, sizes } = missing[0]!;
  const axes = (sizes ?? []).flatMap((size, axis) => (size === undefined ? [axis] : []));
  return new ConvcostError('dims-missing', {
    input: name,
    dims: axes.map(axis => ({ axis, symbol: dims?.[axis]?.symbol ?? '' })),
    flag: suggestedFlags(missing, inputCount, symbols),
  });
}
