import { ConvcostError, type Place } from '../../errors.js';
import type { Shape } from '../../model/shape.js';
import type { LayerSpec, NetworkSpec } from '../layer-spec.js';
import { parseWhole } from '../numbers.js';
import { type Line, type Word, wordLines } from './lines.js';
import type { Notation } from './notation.js';
import { settleStride } from './stated-size.js';

/**
 * Rows `t c n s` of the MobileNetV2 paper (arXiv 1801.04381, table 2): expansion, output channels,
 * repetitions, stride of the first. Input size and operator may stand before them; without an operator a
 * row is a bottleneck. A stated size is checked against what flows in.
 */
export const mobilenetV2Rows: Notation = {
  name: 'mobilenet-v2-rows',
  says: 'rows t c n s of the MobileNetV2 paper, with or without input and operator',
  example: '6 24 2 2',
  matches: text => heading.test(text) || /\bbottleneck\b/i.test(text) || isNumbers(text),
  parse: (text, { placeOf }) => networkOf(wordLines(text, words, placeOf).filter(isRow).map(parseRow)),
};

const heading = /^\W*(?:input\W+)?(?:operator\W+)?t\W+c\W+n\W+s\W*$/im;

/** Nothing but rows of four numbers. */
const isNumbers = (text: string): boolean =>
  text.trim() !== '' &&
  text
    .trim()
    .split('\n')
    .every(line => /^[\s|[(]*\d+([\s|,]+\d+){3}[\s|,\])]*$/.test(line) || line.trim() === '');

/** Sizes such as `112x112x32` and `112²x32`, or words and numbers; brackets, commas and walls fall away. */
const words = /\d+(?:\s*(?:²|\^2)?\s*[x×]\s*\d+)+|[^\s|,[\]()]+/g;

const isRow = ({ text }: Line): boolean => !heading.test(text) && !/^[#>]/.test(text) && /\d/.test(text);

type Operator = 'bottleneck' | 'conv2d' | 'avgpool';
const operators: readonly Operator[] = ['bottleneck', 'conv2d', 'avgpool'];

interface V2Row {
  readonly operator: Operator;
  readonly kernel: readonly number[] | undefined;
  /** Expansion; absent but for bottlenecks. */
  readonly t: number | undefined;
  /** Output channels; absent where the row has none, as pools. */
  readonly c: number | 'k' | undefined;
  readonly n: number;
  readonly s: number;
  readonly input: Shape | undefined;
  readonly text: string;
  readonly place: Place;
  readonly inputPlace: Place;
}

function parseRow(line: Line): V2Row {
  const rest = [...line.words];
  const isSize = (word: Word | undefined) =>
    word !== undefined && /[x×²^]/.test(word.text) && /^\d/.test(word.text);
  const inputWord = isSize(rest[0]) ? rest.shift() : undefined;
  const operator = rest[0] && /^[a-z_]{2}/i.test(rest[0].text) ? operatorOf(rest.shift()!) : 'bottleneck';
  const kernelWord = isSize(rest[0]) ? rest.shift() : undefined;
  const [t, c, n, s, extra] = rest;
  const isShort = operator === 'bottleneck' ? !s : !c;
  if (isShort || !c || extra)
    throw new ConvcostError('bad-v2-row', { row: line.text }, (extra ?? line).place);
  const number = (word: Word | undefined, what: string) =>
    word === undefined || word.text === '-' ? undefined : parseWhole(word.text, what, word.place);
  return {
    operator,
    kernel: kernelWord && sizesOf(kernelWord),
    t: number(t, 'Expansion t'),
    c: c.text === 'k' ? 'k' : number(c, 'Channels c'),
    n: number(n, 'Repetitions n') ?? 1,
    s: number(s, 'Stride s') ?? 1,
    input: inputWord && inputOf(inputWord),
    text: line.text.replace(/^\|\s*|\s*\|$/g, ''),
    place: line.place,
    inputPlace: (inputWord ?? line).place,
  };
}

function operatorOf({ text, place }: Word): Operator {
  const operator = operators.find(each => each === text.toLowerCase());
  if (operator) return operator;
  throw new ConvcostError('unknown-operator', { word: text, known: operators }, place);
}

const sizesOf = ({ text, place }: Word): readonly number[] =>
  text.split(/\s*[x×]\s*/).map(size => parseWhole(size, 'Size', place));

/** `112²x32` is 112x112x32. */
function inputOf({ text, place }: Word): Shape {
  const numbers = sizesOf({ text: text.replace(/(\d+)\s*(?:²|\^2)/, '$1x$1'), place });
  if (numbers.length !== 3) throw new ConvcostError('bad-row-input', { text }, place);
  return numbers;
}

const classes = 1000;

function networkOf(rows: readonly V2Row[]): NetworkSpec {
  const [first] = rows;
  if (!first) throw new ConvcostError('no-layers', { what: 'The table' });
  const notes: string[] = [];
  if (rows.every(({ operator }) => operator === 'bottleneck')) {
    notes.push('Rows t c n s are the bottlenecks alone: the first and the last layers are not in them.');
  }
  let flow = first.input;
  const layers = rows.map((row, index): LayerSpec => {
    const below = rows[index + 1];
    const channels = row.c === 'k' ? classes : (row.c ?? flow?.[2]);
    if (row.c === 'k') notes.push(`k, the number of classes, is read as ${classes}.`);
    const from = row.input ?? flow;
    let { s: stride } = row;
    if (from && below?.input && channels !== undefined) {
      const after = (each: number): Shape => [...sizesAfter(row, from, each), channels];
      const stated = { text: below.text, input: below.input, place: below.inputPlace };
      const question = { row: row.text, stride, after, below: stated, isStrided: row.operator !== 'avgpool' };
      stride = settleStride(question, notes);
      flow = below.input;
    } else flow = from && [...sizesAfter(row, from, stride), channels!];
    return { ...layerOf[row.operator](row, stride, notes), place: row.place };
  });
  const input = first.input && { numbers: first.input, place: first.inputPlace };
  return { ...(input && { input }), layers, notes: [...new Set(notes)] };
}

/** Padding keeps the size but for the stride; a pool's window fits inside. */
function sizesAfter({ operator, kernel }: V2Row, [height, width]: Shape, stride: number): Shape {
  return [height!, width!].map((size, axis) =>
    operator === 'avgpool'
      ? Math.floor((size - (kernel?.[axis] ?? size)) / stride) + 1
      : Math.ceil(size / stride),
  );
}

const layerOf: Readonly<Record<Operator, (row: V2Row, stride: number, notes: string[]) => LayerSpec>> = {
  bottleneck: ({ t, c, n, kernel = [3, 3], place }, stride) => {
    if (t === undefined) throw new ConvcostError('field-missing', { op: 'ir', field: 'expansion' }, place);
    return { op: 'ir', kernel, expansion: t, ...outOf(c, place), ...strideOf(stride), ...repeatOf(n) };
  },
  conv2d: ({ c, n, kernel, text, place }, stride, notes) => {
    if (!kernel) notes.push(`'${text}': a conv2d without a kernel size is read as 3x3.`);
    return { op: 'conv', kernel: kernel ?? [3, 3], ...outOf(c, place), ...strideOf(stride), ...repeatOf(n) };
  },
  avgpool: ({ kernel }) => (kernel ? { op: 'avgpool', kernel } : { op: 'gap' }),
};

function outOf(c: V2Row['c'], place: Place): Pick<LayerSpec, 'out'> {
  if (c === undefined) throw new ConvcostError('field-missing', { op: 'conv', field: 'out' }, place);
  return { out: c === 'k' ? classes : c };
}

const strideOf = (stride: number): Pick<LayerSpec, 'stride'> => (stride === 1 ? {} : { stride });
const repeatOf = (n: number): Pick<LayerSpec, 'repeat'> => (n === 1 ? {} : { repeat: n });
