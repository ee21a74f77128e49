import { ConvcostError } from '../../errors.js';
import type { Shape } from '../../model/shape.js';
import type { LayerSpec, NetworkSpec } from '../layer-spec.js';
import type { Notation } from './notation.js';
import { type PaperRow, parsePaperRows, type RowKind } from './paper-rows.js';
import { settleStride } from './stated-size.js';

/**
 * Rows of the MobileNet paper's table 1 (arXiv 1704.04861): `type / stride | filter | input size`, padding
 * as SAME. Every row's size is checked against what flows in. Where a stride cannot give the size that the
 * next row reads, the size is believed, and a note says so.
 */
export const paperTable: Notation = {
  name: 'paper-table',
  says: 'rows of the MobileNet paper: type / stride, filter, input size',
  example: 'Conv dw / s1 | 3x3x32 dw | 112x112x32',
  matches: text =>
    /^[|\s]*(\d+\s*[x×][|\s]*)?(conv|avg|max|dw|fc)\b[^\n]*?\/\s*s\d[^\n]*?\d\s*[x×]\s*\d/im.test(text),
  parse: (text, { placeOf }) => networkOf(parsePaperRows(text, placeOf)),
};

/** Height, width and channels; `undefined` where no row has said them yet. */
type Flow = Shape | undefined;

function networkOf(rows: readonly PaperRow[]): NetworkSpec {
  const [first] = rows;
  if (!first) throw new ConvcostError('no-layers', { what: 'The table' });
  const notes: string[] = [];
  const unrolled = unroll(rows, notes);
  let flow: Flow = first.input;
  const layers = unrolled.flatMap((row, index): readonly LayerSpec[] => {
    const next = unrolled[index + 1];
    const { specs, output } = settle(row, row.input ?? flow, next, notes);
    flow = output;
    return specs.map(spec => ({ ...spec, place: row.place }));
  });
  const input = first.input && { numbers: first.input, place: first.inputPlace };
  return { ...(input && { input }), layers, notes: [...new Set(notes)] };
}

/** `5x Conv dw` stands for five pairs, as the brace in the paper does: with the pointwise row below it. */
function unroll(rows: readonly PaperRow[], notes: string[]): readonly PaperRow[] {
  const result: PaperRow[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    const below = rows[index + 1];
    const { repeat } = row;
    const group = below && repeatsAsPair(row, below) ? [row, below] : [row];
    if (group.length === 2 && below!.repeat === 1) {
      notes.push(`'${repeat}x' before a depthwise row repeats the pair: '${below!.text}' too.`);
    }
    if (!(repeat >= 1 && repeat <= 10_000)) throw new ConvcostError('bad-repetition', { repeat }, row.place);
    for (let turn = 0; turn < repeat; turn++) result.push(...group);
    index += group.length - 1;
  }
  return result;
}

/** A depthwise and a pointwise row that together keep their channels, so that they can follow themselves. */
const repeatsAsPair = (row: PaperRow, below: PaperRow): boolean =>
  row.repeat > 1 &&
  (below.repeat === 1 || below.repeat === row.repeat) &&
  row.kind === 'dw' &&
  below.kind === 'conv' &&
  below.filter.at(-1) === row.filter.at(-1);

interface Settled {
  readonly specs: readonly LayerSpec[];
  readonly output: Flow;
}

/** A row with the stride that gives what the next row reads. */
function settle(row: PaperRow, input: Flow, next: PaperRow | undefined, notes: string[]): Settled {
  const specs = layersOf[row.kind](row, input);
  if (!input) return { specs, output: undefined };
  const channels = specs.at(-1)!.out ?? input[2]!;
  const after = (stride: number): Shape => [...sizesAfter(row, input, stride), channels];
  if (!next?.input) return { specs, output: after(row.stride) };
  const below = { text: next.text, input: next.input, place: next.inputPlace };
  const { text, stride: stated } = row;
  const question = { row: text, stride: stated, after, below, isStrided: isStrided(row.kind) };
  const stride = settleStride(question, notes);
  return { specs: layersOf[row.kind]({ ...row, stride }, input), output: next.input };
}

const isStrided = (kind: RowKind): boolean => kind !== 'fc' && kind !== 'softmax';

const isPool = (kind: RowKind): boolean => kind === 'avgpool' || kind === 'maxpool';

/** A pool whose window fits covers no padding; all else keeps the size but for the stride. */
function sizesAfter({ kind, filter }: PaperRow, input: Shape, stride: number): Shape {
  const sizes = input.slice(0, 2);
  if (kind === 'fc') return [1, 1];
  if (kind === 'softmax') return sizes;
  if (!isPool(kind)) return sizes.map(size => Math.ceil(size / stride));
  return sizes.map((size, axis) => Math.floor((size - filter[axis]!) / stride) + 1);
}

const layersOf: Readonly<Record<RowKind, (row: PaperRow, input: Flow) => readonly LayerSpec[]>> = {
  conv: ({ filter: [height, width, channels, out], stride }) => [
    { op: 'conv', kernel: [height!, width!], stride, in: channels!, out: out! },
  ],
  dw: ({ filter: [height, width, channels], stride }) => [
    { op: 'dw', kernel: [height!, width!], stride, in: channels! },
  ],
  avgpool: ({ filter, stride }) => [{ op: 'avgpool', kernel: filter, stride }],
  maxpool: ({ filter, stride }) => [{ op: 'maxpool', kernel: filter, stride }],
  // Where the values are more than the channels, they are those of whole maps.
  fc: ({ filter: [features, out] }, input) => [
    ...(input && features !== input[2] ? [{ op: 'flatten' as const }] : []),
    { op: 'fc', in: features!, out: out! },
  ],
  softmax: () => [{ op: 'softmax' }],
};
