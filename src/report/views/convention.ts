import type { ConventionExplanation } from '../../cost/conventions/apply.js';
import type { Block, Cell, Document, Row } from '../document.js';
import { formatExact, formatPercent } from '../format.js';
import type { ConventionReport } from '../report.js';
import { coverageLine, definition, footer } from './cost.js';

/** For each tool: our macs, what it counts beside them, term by term, and its total. */
export const conventionDocument = ({ explanations }: ConventionReport): Document => ({
  blocks: [
    ...explanations.flatMap(explanationBlocks),
    ...incompleteBlocks(explanations),
    footer([definition('convcost')], []),
  ],
});

const columns = [
  { key: 'convention', title: 'as counted by', align: 'left', priority: 1 },
  { key: 'term', title: 'term', align: 'left', priority: 0 },
  { key: 'amount', title: 'macs', align: 'right', priority: 0 },
  { key: 'layers', title: 'layers', align: 'right', priority: 2 },
  { key: 'rule', title: 'rule', align: 'left', priority: 3 },
] as const;

function explanationBlocks({
  convention,
  network,
  ours,
  terms,
  total,
}: ConventionExplanation): readonly Block[] {
  const { name, version } = convention;
  const rows: readonly Row[] = [
    row('convcost', 'convolutions and dense layers', ours),
    ...terms.map(({ title, amount, layers, rule }) => row(name, title, amount, layers, rule)),
    { ...row(name, 'total', total), role: 'total' },
  ];
  return [
    { type: 'heading', text: `${network.name} as ${version ? `${name} (${version})` : name} counts it` },
    { type: 'sheet', sheet: { columns, rows } },
    { type: 'text', lines: [differenceLine(total - ours, ours)] },
  ];
}

const row = (convention: string, term: string, amount: number, layers?: number, rule = ''): Row => ({
  cells: [
    { text: convention },
    { text: term },
    exact(amount),
    layers === undefined ? { text: '' } : exact(layers),
    { text: rule },
  ],
});

/** Said once for each network, whatever the number of tools. */
const incompleteBlocks = (explanations: readonly ConventionExplanation[]): readonly Block[] =>
  [...new Map(explanations.map(each => [each.network, each.coverage]))]
    .filter(([, coverage]) => coverage.kind === 'lower-bound')
    .map(([{ name }, coverage]) => ({
      type: 'text',
      lines: [`${name}: ${coverageLine(coverage)}`],
      tone: 'warn',
    }));

const exact = (value: number): Cell => ({ text: formatExact(value), value });

function differenceLine(difference: number, ours: number): string {
  if (difference === 0) return 'The same as convcost.';
  const share = ours === 0 ? '' : `, ${formatPercent(Math.abs(difference) / ours)}`;
  return `${formatExact(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'} than convcost${share}.`;
}
