import type { DType } from '../../model/dtype.js';
import { isBatchName } from './batch.js';
import type { DimProto } from './schema.js';
import { isFloat } from './stored-tensor.js';
import { isComposed, namesIn, sizeOfSymbol } from './symbols.js';

/** An input some of whose sizes are undefined, or all of them together. */
export interface MissingInput {
  readonly name: string;
  readonly dims: readonly DimProto[] | undefined;
  readonly sizes: Sizes | undefined;
  readonly dtype: DType;
}

type Sizes = readonly (number | undefined)[];

/**
 * Usual sizes for what a file leaves open, as flags that can be pasted and then changed: symbols where the
 * sizes have names, else whole shapes. A symbol has one size wherever it stands.
 *
 * @param known the sizes of the symbols that are known already
 */
export function suggestedFlags(
  missing: readonly MissingInput[],
  inputCount: number,
  known: ReadonlyMap<string, number>,
): string {
  const symbols = usualSymbols(missing, known);
  const flags = missing.flatMap(
    ({ name, dtype, dims = [], sizes = [undefined, 3, undefined, undefined] }) => {
      const open = dims.filter((_, axis) => sizes[axis] === undefined);
      const names = open.flatMap(({ symbol }) => namesIn(symbol)).filter(each => !known.has(each));
      const haveNames = open.length > 0 && open.every(({ symbol }) => isWritable(symbol));
      if (haveNames) return names.map(each => `${each}=${symbols.get(each)}`);
      const shape = sizes.map(
        (size, axis) =>
          size ?? sizeOfSymbol(dims[axis]?.symbol ?? '', symbols) ?? usualSize(axis, sizes, dtype),
      );
      return [`${inputCount === 1 ? '' : `${name}=`}${shape.join('x')}`];
    },
  );
  return [...new Set(flags)].map(flag => `--input ${shellWord(flag)}`).join(' ');
}

/** Commas part the texts of `--input`. */
const isWritable = (symbol: string): boolean => symbol !== '' && !symbol.includes(',');

/** Names come from the file: quoted, and without what would move a terminal's cursor. */
const shellWord = (word: string): string =>
  /^[\w.:/=+-]+$/.test(word)
    ? word
    : `'${word.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?').replaceAll("'", String.raw`'\''`)}'`;

/** Every open symbol with its size: by its place where it stands for itself, else by its name. */
function usualSymbols(
  missing: readonly MissingInput[],
  known: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const symbols = new Map(known);
  const names = missing.flatMap(({ dims }) => dims?.flatMap(({ symbol }) => namesIn(symbol)) ?? []);
  const hasCache = [...names, ...known.keys()].some(name => cached.test(name));
  for (const { dtype, dims = [], sizes = [] } of missing) {
    for (const [axis, { symbol }] of dims.entries()) {
      if (sizes[axis] !== undefined || symbol === '' || symbols.has(symbol) || isComposed(symbol)) continue;
      const isLength = axis > 0 && (!isImage(sizes) || cached.test(symbol));
      const size = isLength ? usualLength(symbol, hasCache) : usualSize(axis, sizes, dtype);
      symbols.set(symbol, isBatchName(symbol) ? 1 : size);
    }
  }
  for (const name of names) {
    if (!symbols.has(name)) symbols.set(name, isBatchName(name) ? 1 : usualLength(name, hasCache));
  }
  return symbols;
}

const usual = { length: 128, side: 224, samples: 512 };

const cached = /past|cache/i;

/** A decoder with a cache reads one token more; its masks are as long as both together. */
function usualLength(symbol: string, hasCache: boolean): number {
  if (!hasCache || cached.test(symbol) || /encoder/i.test(symbol)) return usual.length;
  return /total|mask/i.test(symbol) ? usual.length + 1 : 1;
}

function usualSize(axis: number, sizes: Sizes, dtype: DType): number {
  if (axis === 0) return 1;
  if (isImage(sizes)) return axis === 1 && !isChannels(sizes[3]) ? 3 : usual.side;
  // [layers, batch, hidden]: a recurrent state.
  const isState = axis === 1 && sizes.length === 3 && sizes[0] !== undefined && sizes[0] > 1;
  if (isState) return 1;
  // A list of floats without a name is sound; of whole numbers, words.
  return sizes.length === 2 && isFloat(dtype) ? usual.samples : usual.length;
}

/** Four axes, with 1 or 3 channels first or last. */
const isImage = (sizes: Sizes): boolean =>
  sizes.length === 4 &&
  (isChannels(sizes[1]) || isChannels(sizes[3]) || sizes.slice(1).every(size => size === undefined));

const isChannels = (size: number | undefined): boolean => size === 1 || size === 3;
