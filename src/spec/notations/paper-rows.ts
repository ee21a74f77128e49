import { ConvcostError, type Place } from '../../errors.js';
import { parseWhole } from '../numbers.js';
import type { PlaceOf } from '../tokens.js';
import { type Line, type Word, wordLines } from './lines.js';

/** What a row can be: the names that people give it, and the numbers of its filter. */
const rowKinds = {
  conv: {
    names: ['conv', 'conv2d'],
    filter: ['kernel height', 'kernel width', 'channels in', 'channels out'],
  },
  dw: { names: ['conv dw', 'dw', 'depthwise conv'], filter: ['kernel height', 'kernel width', 'channels'] },
  avgpool: { names: ['avg pool', 'avgpool', 'average pool'], filter: ['height', 'width'] },
  maxpool: { names: ['max pool', 'maxpool'], filter: ['height', 'width'] },
  fc: { names: ['fc', 'linear', 'dense'], filter: ['values in', 'values out'] },
  softmax: { names: ['softmax'], filter: [] },
} as const satisfies Record<string, { names: readonly string[]; filter: readonly string[] }>;

export type RowKind = keyof typeof rowKinds;

/** One row of the table, as written. */
export interface PaperRow {
  readonly kind: RowKind;
  readonly stride: number;
  /** Numbers of the filter: `3x3x32`, `1024x1000`, `7x7` of a pool. */
  readonly filter: readonly number[];
  /** Height, width and channels of the input; absent where the row does not say. */
  readonly input: readonly number[] | undefined;
  readonly repeat: number;
  readonly text: string;
  readonly place: Place;
  readonly inputPlace: Place;
}

/** Sizes, with or without blanks around their crosses; a `5x` alone; other words. Walls and slashes fall away. */
const words = /\d+(?:\s*[x×]\s*\d+)+|\d+\s*[x×](?!\s*\d)|[^\s|/]+/g;

/**
 * The rows of a text; headings, rules and prose around them are passed over.
 *
 * @throws ConvcostError with the place of a row that is none of the kinds, or lacks numbers
 */
export const parsePaperRows = (text: string, placeOf: PlaceOf): readonly PaperRow[] =>
  wordLines(text, words, placeOf).filter(isRow).map(parseRow);

/** A line with sizes, or one with cells and numbers; but no Markdown heading. */
const isRow = ({ text }: Line): boolean =>
  !/^[#>]/.test(text) && (/\d\s*[x×]\s*\d/.test(text) || (/[|\t]/.test(text) && /\d/.test(text)));

function parseRow(line: Line): PaperRow {
  const prefix = /^(\d+)\s*[x×]$/.exec(line.words[0]!.text);
  const named = prefix ? line.words.slice(1) : line.words;
  const kind = kindOf(named, line);
  const stride = named.find(({ text }) => /^s[-\d]/i.test(text));
  if (!stride && kind !== 'fc' && kind !== 'softmax') {
    throw new ConvcostError('row-without-stride', { row: shown(line) }, line.place);
  }
  const sizes = named.filter(({ text }) => /^\d/.test(text));
  const wanted = rowKinds[kind].filter;
  const filter = wanted.length > 0 ? sizes[0] : undefined;
  const input = wanted.length > 0 ? sizes[1] : sizes[0];
  const numbers = filter ? numbersOf(filter) : [];
  if (numbers.length !== wanted.length) {
    throw new ConvcostError(
      'bad-row-filter',
      { kind, wanted, count: numbers.length },
      (filter ?? line).place,
    );
  }
  const inputNumbers = input && numbersOf(input);
  if (inputNumbers && inputNumbers.length !== 3) {
    throw new ConvcostError('bad-row-input', { text: input.text }, input.place);
  }
  return {
    kind,
    stride: stride ? parseWhole(stride.text.slice(1), 'Stride', stride.place) : 1,
    filter: numbers,
    input: inputNumbers,
    repeat: prefix ? parseWhole(prefix[1]!, 'Repetition', line.place) : 1,
    text: shown(line),
    place: named[0]?.place ?? line.place,
    inputPlace: (input ?? line).place,
  };
}

/** By the words before the stride or the first size; `dw` may also stand behind the filter. */
function kindOf(named: readonly Word[], line: Line): RowKind {
  const end = named.findIndex(({ text }) => /^(\d|s[-\d])/i.test(text));
  const name = named
    .slice(0, end < 0 ? undefined : end)
    .map(({ text }) => text.toLowerCase())
    .join(' ');
  const kinds = Object.keys(rowKinds) as RowKind[];
  const kind = kinds.find(each => (rowKinds[each].names as readonly string[]).includes(name));
  if (kind === 'conv' && named.some(({ text }) => text.toLowerCase() === 'dw')) return 'dw';
  if (kind) return kind;
  const known = kinds.flatMap(each => rowKinds[each].names);
  throw new ConvcostError('unknown-row', { word: name, known }, named[0]?.place ?? line.place);
}

const numbersOf = ({ text, place }: Word): readonly number[] =>
  text.split(/\s*[x×]\s*/).map(size => parseWhole(size, 'Size', place));

const shown = ({ text }: Line): string => text.replace(/^\|\s*|\s*\|$/g, '').replace(/\s+/g, ' ');
