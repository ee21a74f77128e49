import type { LayerComparison, NetworkComparison } from '../../cost/compare.js';
import type { NetworkCost } from '../../cost/count.js';
import { sheetOf } from '../columns.js';
import type { Block, Cell, Document, Row } from '../document.js';
import { formatExact, formatRatio } from '../format.js';
import type { ComparisonReport, SideBySideReport } from '../report.js';
import { defaultNetworkColumns, networkTable, pairTable, toneOf } from './comparison-columns.js';
import { coverageLine, definition, footer, notesOf } from './cost.js';
import { count } from './cost-columns.js';
import { publishedLines } from './published.js';

const allColumns = (table: { readonly columns: object }): readonly string[] => Object.keys(table.columns);

/** Convolutions, each both ways. */
export const pairSheet = (
  layers: readonly LayerComparison[],
  totals: readonly Row[] = [],
  columns = allColumns(pairTable),
): Block => ({ type: 'sheet', sheet: sheetOf(pairTable, columns, layers, undefined, totals) });

export function comparisonDocument({ comparison, convention, view }: ComparisonReport): Document {
  const { cost, layers } = comparison;
  const { columns = allColumns(pairTable) } = view;
  const totals = [...otherRow(comparison, columns), totalRow(comparison, columns)];
  return {
    blocks: [
      { type: 'heading', text: cost.network.name },
      ...notesOf(cost.network.notes),
      ...(layers.length === 0 ? [nothingToCompare] : [pairSheet(layers, totals, columns)]),
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

/** What is the same either way, or not shown: first convolution, dense layers, whatever is not compared. */
function otherRow(
  { standard, separable, layers }: NetworkComparison,
  columns: readonly string[],
): readonly Row[] {
  const of = (cost: NetworkCost, key: 'standard' | 'separable') =>
    cost.totals.macs - layers.reduce((sum, layer) => sum + layer[key].macs, 0);
  const [a, b] = [of(standard, 'standard'), of(separable, 'separable')];
  return a === 0 && b === 0 ? [] : [totalCells('other layers', a, b, 'rest', columns)];
}

const totalRow = ({ standard, separable }: NetworkComparison, columns: readonly string[]): Row =>
  totalCells('total', standard.totals.macs, separable.totals.macs, 'total', columns);

function totalCells(
  name: string,
  standard: number,
  separable: number,
  role: 'total' | 'rest',
  columns: readonly string[],
): Row {
  const cells: Readonly<Record<string, Cell>> = {
    name: { text: name },
    standard: count(standard),
    separable: count(separable),
    ratio: {
      text: role === 'total' ? formatRatio(separable / standard) : '',
      tone: toneOf(separable / standard),
    },
  };
  return { role, cells: columns.map(key => cells[key] ?? { text: '' }) };
}

function summaryLine({ standard, separable, ratio }: NetworkComparison): string {
  const [a, b] = [standard.totals, separable.totals];
  return (
    `standard ${formatExact(a.macs)} macs, ${formatExact(a.params)} params; ` +
    `separable ${formatExact(b.macs)} macs, ${formatExact(b.params)} params; ` +
    `ratio ${formatRatio(ratio)}${ratio < 1 ? `, ${formatRatio(1 / ratio)} times fewer` : ''}`
  );
}

export function sideBySideDocument({ networks, baseline, convention, view }: SideBySideReport): Document {
  const { columns = defaultNetworkColumns(networks) } = view;
  const costs = networks.map(({ cost }) => cost);
  const notes = costs.flatMap(({ network }) => network.notes.map(note => `${network.name}: ${note}`));
  const incomplete = costs.filter(({ coverage }) => coverage.kind === 'lower-bound');
  return {
    blocks: [
      ...notesOf(notes),
      { type: 'sheet', sheet: sheetOf(networkTable, columns, networks, baseline) },
      ...incomplete.map(
        ({ network, coverage }): Block => ({
          type: 'text',
          lines: [`${network.name}: ${coverageLine(coverage)}`],
          tone: 'warn',
        }),
      ),
      ...publishedLines(networks.map(({ published }) => published)),
      footer([definition(convention)], costs),
    ],
  };
}
