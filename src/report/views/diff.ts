import type { LayerChange } from '../../budget/diff.js';
import { type Metric, metricUnit } from '../../budget/metric.js';
import { changeText } from '../check/words.js';
import { type ItemColumn, sheetOfItems } from '../columns.js';
import type { Block, Cell, Document } from '../document.js';
import { formatBytes, formatCount, formatExact, formatPercent, plural } from '../format.js';
import type { DiffReport, DiffSide } from '../report.js';
import { coverageLine, definition, notesOf } from './cost.js';

/** Two networks, layer by layer: the layer of the largest effect first. */
export function diffDocument({ before, after, diff, convention }: DiffReport): Document {
  const sides = [before, after];
  return {
    blocks: [
      { type: 'heading', text: `${before.name} -> ${after.name}` },
      ...notesOf(sides.flatMap(({ name, notes }) => notes.map(note => `${name}: ${note}`))),
      ...(diff.changes.length > 0 ? [changeSheet(diff.changes)] : []),
      { type: 'text', lines: [countsLine(diff.changes, diff.unchanged), ...totalLines(diff)] },
      ...sides.filter(({ coverage }) => coverage.kind === 'lower-bound').map(lowerBound),
      { type: 'text', lines: [definition(convention)], tone: 'dim' },
    ],
  };
}

type ChangeColumn = ItemColumn<LayerChange>;

const deltaColumn = (key: keyof LayerChange['delta'], priority: number, isBytes = false): ChangeColumn => ({
  key,
  title: key,
  align: 'right',
  priority,
  cell: ({ delta }) => deltaCell(delta[key], isBytes),
});

const columns: readonly ChangeColumn[] = [
  {
    key: 'kind',
    title: '',
    align: 'left',
    priority: 0,
    cell: ({ kind }) => ({ text: { added: '+', removed: '-', changed: '~' }[kind], value: kind }),
  },
  {
    key: 'name',
    title: 'layer',
    align: 'left',
    priority: 0,
    cell: ({ name }) => ({ text: name, value: name }),
  },
  {
    key: 'what',
    title: 'what changed',
    align: 'left',
    priority: 2,
    cell: change => ({ text: changeText(change) }),
  },
  deltaColumn('macs', 0),
  deltaColumn('params', 1),
  deltaColumn('activations', 3, true),
];

const changeSheet = (changes: readonly LayerChange[]): Block => ({
  type: 'sheet',
  sheet: sheetOfItems(columns, changes),
});

function deltaCell(delta: number, isBytes: boolean): Cell {
  if (delta === 0) return { text: '', value: 0 };
  const size = isBytes ? formatBytes(Math.abs(delta)) : formatCount(Math.abs(delta));
  return { text: `${delta > 0 ? '+' : '-'}${size}`, value: delta, tone: delta > 0 ? 'bad' : 'good' };
}

function countsLine(changes: readonly LayerChange[], unchanged: number): string {
  const of = (kind: LayerChange['kind']) => changes.filter(change => change.kind === kind).length;
  return `${plural(of('changed'), 'layer')} changed, ${of('added')} added, ${of('removed')} removed, ${formatExact(unchanged)} unchanged`;
}

const shownTotals: readonly Metric[] = ['macs', 'params', 'paramBytes', 'peakActivations'];

/** `macs: 94,682,352 -> 122,676,752 (+29.6 %)`. */
const totalLines = ({ before, after }: DiffReport['diff']): readonly string[] =>
  shownTotals.map(metric => {
    const [a, b] = [before[metric], after[metric]];
    const unit = metricUnit(metric) === 'bytes' ? ' bytes' : '';
    if (a === b) return `${metric}: ${formatExact(a)}${unit}, unchanged`;
    const share = a === 0 ? '' : ` (${b > a ? '+' : '-'}${formatPercent(Math.abs(b - a) / a)})`;
    return `${metric}: ${formatExact(a)} -> ${formatExact(b)}${unit}${share}`;
  });

const lowerBound = ({ name, coverage }: DiffSide): Block => ({
  type: 'text',
  lines: [`${name}: ${coverageLine(coverage)}`],
  tone: 'warn',
});
