import type { AlgorithmsComparison } from '../../cost/compare-algorithms.js';
import { type Reader, sheetOf } from '../columns.js';
import type { Document, Row } from '../document.js';
import { formatExact, formatRatio } from '../format.js';
import type { AlgorithmsReport } from '../report.js';
import { algorithmTable } from './algorithms-columns.js';
import { coverageLine, definition, footer, notesOf } from './cost.js';
import { count } from './cost-columns.js';

/** Multiplies of every layer by every algorithm. */
export function algorithmsDocument({ comparison, view }: AlgorithmsReport, reader: Reader): Document {
  const { cost, layers } = comparison;
  const { presets } = algorithmTable;
  const columns = view.columns ?? (reader === 'person' ? presets['cost']! : presets['all']!);
  return {
    blocks: [
      { type: 'heading', text: `${cost.network.name}: multiplies by algorithm` },
      ...notesOf(cost.network.notes),
      {
        type: 'sheet',
        sheet: sheetOf(algorithmTable, columns, layers, undefined, [totalRow(comparison, columns)]),
      },
      { type: 'text', lines: [verdict(comparison)] },
      footer(
        [
          'F(2x2), F(4x4): Winograd, the products of its element-wise stage; where one does not apply, its total takes the direct count. --columns all adds what the transforms multiply by constants.',
          coverageLine(cost.coverage),
          definition('convcost'),
        ],
        [cost],
      ),
    ],
  };
}

function totalRow({ totals }: AlgorithmsComparison, columns: readonly string[]): Row {
  const amounts = new Map<string, number>(Object.entries(totals));
  const best = Math.min(...[...amounts].filter(([name]) => name !== 'separable').map(([, amount]) => amount));
  return {
    role: 'total',
    cells: columns.map(key => {
      const amount = amounts.get(key);
      if (amount !== undefined) return count(amount);
      if (key === 'ratio') return { text: formatRatio(totals.separable / best) };
      return { text: key === 'name' ? 'total' : '' };
    }),
  };
}

function verdict({ layers, totals }: AlgorithmsComparison): string {
  const choices = layers.filter(({ separable }) => separable !== undefined);
  if (choices.length === 0) return 'No convolution here could be depthwise + pointwise.';
  const wins = choices.filter(({ fewest }) => fewest === 'separable').length;
  const best = Math.min(totals.direct, totals['winograd-f2x2'], totals['winograd-f4x4']);
  return (
    `separable needs the fewest multiplies in ${formatExact(wins)} of ${formatExact(choices.length)} eligible layers; ` +
    `in total ${formatExact(totals.separable)}, against ${formatExact(best)} of the best standard algorithm`
  );
}
