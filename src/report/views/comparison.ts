import type { LayerComparison, NetworkComparison } from '../../cost/compare.js';
import type { NetworkCost } from '../../cost/count.js';
import type { Block, Cell, Column, Document, Row } from '../document.js';
import { formatBytes, formatExact, formatRatio, formatWindow } from '../format.js';
import type { ComparisonReport, SideBySideReport } from '../report.js';
import { count, coverageLine, definition, footer, notesOf } from './cost.js';
import { publishedColumns, publishedLines } from './published.js';

interface PairColumn extends Column {
  readonly cell: (layer: LayerComparison) => Cell;
}

/** The table of convolutions, each both ways. */
export const pairColumns: readonly PairColumn[] = [
  {
    key: 'name',
    title: 'layer',
    align: 'left',
    priority: 0,
    cell: ({ name }) => ({ text: name, value: name }),
  },
  {
    key: 'channels',
    title: 'channels',
    align: 'left',
    priority: 3,
    cell: ({ geometry }) => ({ text: `${geometry.inChannels}-${geometry.outChannels}` }),
  },
  {
    key: 'kernel',
    title: 'kernel',
    align: 'left',
    priority: 4,
    cell: ({ geometry }) => ({ text: formatWindow(geometry.axes) }),
  },
  {
    key: 'standard',
    title: 'standard',
    align: 'right',
    priority: 0,
    cell: ({ standard }) => count(standard.macs),
  },
  {
    key: 'depthwise',
    title: 'depthwise',
    align: 'right',
    priority: 2,
    cell: ({ depthwise }) => count(depthwise.macs),
  },
  {
    key: 'pointwise',
    title: 'pointwise',
    align: 'right',
    priority: 2,
    cell: ({ pointwise }) => count(pointwise.macs),
  },
  {
    key: 'separable',
    title: 'separable',
    align: 'right',
    priority: 0,
    cell: ({ separable }) => count(separable.macs),
  },
  {
    key: 'ratio',
    title: 'ratio',
    align: 'right',
    priority: 0,
    cell: ({ ratio }) => ({ text: formatRatio(ratio), value: ratio, tone: toneOf(ratio) }),
  },
  {
    key: 'law',
    title: 'law',
    align: 'left',
    priority: 5,
    cell: layer => ({ text: lawText(layer), value: layer.law }),
  },
];

const toneOf = (ratio: number) => (ratio < 1 ? 'good' : 'bad');

/** `1/256 + 1/9`, with a multiplier `2 x (1/4 + 1/9)`. */
export function lawText({ multiplier, geometry }: LayerComparison): string {
  const taps = geometry.axes.reduce((product, axis) => product * axis.kernel, 1);
  const sum = `1/${geometry.outChannels} + 1/${taps}`;
  return multiplier === 1 ? sum : `${multiplier} x (${sum})`;
}

export const pairSheet = (layers: readonly LayerComparison[], totals: readonly Row[] = []): Block => ({
  type: 'sheet',
  sheet: {
    columns: pairColumns,
    rows: [...layers.map(layer => ({ cells: pairColumns.map(column => column.cell(layer)) })), ...totals],
  },
});

export function comparisonDocument({ comparison, convention }: ComparisonReport): Document {
  const { cost, layers } = comparison;
  return {
    blocks: [
      { type: 'heading', text: cost.network.name },
      ...notesOf(cost.network.notes),
      ...(layers.length === 0
        ? [nothingToCompare]
        : [pairSheet(layers, [otherRow(comparison), totalRow(comparison)])]),
      { type: 'text', lines: [summaryLine(comparison)] },
      footer([coverageLine(cost.coverage), definition(convention)], [cost]),
    ],
  };
}

const nothingToCompare: Block = {
  type: 'text',
  lines: [
    'No standard convolution (kernel larger than 1, one group) and no depthwise + pointwise pair to compare.',
  ],
  tone: 'warn',
};

/** What is the same either way: first convolution, dense layers, and whatever is not compared. */
function otherRow({ standard, separable, layers }: NetworkComparison): Row {
  const of = (cost: NetworkCost, key: 'standard' | 'separable') =>
    cost.totals.macs - layers.reduce((sum, layer) => sum + layer[key].macs, 0);
  return totalCells('other layers', of(standard, 'standard'), of(separable, 'separable'), false);
}

const totalRow = ({ standard, separable }: NetworkComparison): Row =>
  totalCells('total', standard.totals.macs, separable.totals.macs, true);

function totalCells(name: string, standard: number, separable: number, isTotal: boolean): Row {
  const cells: Readonly<Record<string, Cell>> = {
    name: { text: name },
    standard: count(standard),
    separable: count(separable),
    ratio: { text: isTotal ? formatRatio(separable / standard) : '', tone: toneOf(separable / standard) },
  };
  return { isTotal, cells: pairColumns.map(({ key }) => cells[key] ?? { text: '' }) };
}

function summaryLine({ standard, separable, ratio }: NetworkComparison): string {
  const [a, b] = [standard.totals, separable.totals];
  return (
    `standard ${formatExact(a.macs)} macs, ${formatExact(a.params)} params; ` +
    `separable ${formatExact(b.macs)} macs, ${formatExact(b.params)} params; ` +
    `ratio ${formatRatio(ratio)}${ratio < 1 ? `, ${formatRatio(1 / ratio)} times fewer` : ''}`
  );
}

export function sideBySideDocument({ costs, convention, published }: SideBySideReport): Document {
  const [first] = costs;
  const columns: readonly (Column & { readonly cell: (cost: NetworkCost, index: number) => Cell })[] = [
    {
      key: 'name',
      title: 'network',
      align: 'left',
      priority: 0,
      cell: ({ network }) => ({ text: network.name, value: network.name }),
    },
    { key: 'macs', title: 'macs', align: 'right', priority: 0, cell: ({ totals }) => count(totals.macs) },
    {
      key: 'ratio',
      title: 'ratio',
      align: 'right',
      priority: 1,
      cell: ({ totals }) => ratioCell(totals.macs / first!.totals.macs),
    },
    {
      key: 'params',
      title: 'params',
      align: 'right',
      priority: 2,
      cell: ({ totals }) => count(totals.params),
    },
    {
      key: 'paramsRatio',
      title: 'ratio',
      align: 'right',
      priority: 4,
      cell: ({ totals }) => ratioCell(totals.params / first!.totals.params),
    },
    {
      key: 'peakActivations',
      title: 'peak activations',
      align: 'right',
      priority: 3,
      cell: ({ totals }) => ({
        text: formatBytes(totals.peakActivationBytes),
        value: totals.peakActivationBytes,
      }),
    },
    ...publishedColumns(published).map(column => ({
      ...column,
      cell: (_: NetworkCost, index: number) => column.cell(published[index]),
    })),
  ];
  const notes = costs.flatMap(({ network }) => network.notes.map(note => `${network.name}: ${note}`));
  const incomplete = costs.filter(({ coverage }) => coverage.kind === 'lower-bound');
  return {
    blocks: [
      ...notesOf(notes),
      {
        type: 'sheet',
        sheet: {
          columns,
          rows: costs.map((cost, index) => ({ cells: columns.map(({ cell }) => cell(cost, index)) })),
        },
      },
      ...incomplete.map(
        ({ network, coverage }): Block => ({
          type: 'text',
          lines: [`${network.name}: ${coverageLine(coverage)}`],
          tone: 'warn',
        }),
      ),
      ...publishedLines(published),
      footer([definition(convention)], costs),
    ],
  };
}

const ratioCell = (ratio: number): Cell => ({
  text: Number.isFinite(ratio) ? formatRatio(ratio) : '',
  value: Number.isFinite(ratio) ? ratio : null,
});
