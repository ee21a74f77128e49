import type { RewriteComparison, RewrittenNetwork } from '../../cost/rewrites.js';
import { sheetOf } from '../columns.js';
import type { Block, Document, Row } from '../document.js';
import { formatBytes, formatExact, formatRatio } from '../format.js';
import type { RewritesReport } from '../report.js';
import { coverageLine, definition, footer, notesOf } from './cost.js';
import { count } from './cost-columns.js';
import { rewriteTable } from './rewrites-columns.js';

/** A network, and beside it what each rewrite makes of its layers. */
export function rewritesDocument({ comparison, convention, view }: RewritesReport): Document {
  const table = rewriteTable(comparison);
  const { columns = Object.keys(table.columns) } = view;
  const { original, rewritten, layers } = comparison;
  return {
    blocks: [
      { type: 'heading', text: original.network.name },
      ...notesOf(original.network.notes),
      {
        type: 'sheet',
        sheet: sheetOf(table, columns, layers, undefined, [totalRow(comparison, columns)]),
      },
      summary(comparison),
      footer(
        [coverageLine(original.coverage), definition(convention)],
        [original, ...rewritten.map(({ cost }) => cost)],
      ),
    ],
  };
}

function totalRow({ original, rewritten }: RewriteComparison, columns: readonly string[]): Row {
  const totals = new Map([
    ['original', original.totals.macs],
    ...rewritten.map(({ rewrite, cost }) => [rewrite, cost.totals.macs] as const),
  ]);
  return {
    role: 'total',
    cells: columns.map(key => {
      const macs = totals.get(key);
      return macs === undefined ? { text: key === 'name' ? 'total' : '' } : count(macs);
    }),
  };
}

function summary({ original, rewritten }: RewriteComparison): Block {
  const { macs, params, peakActivationBytes } = original.totals;
  const costs = (of: { macs: number; params: number; peakActivationBytes: number }) =>
    `${formatExact(of.macs)} macs, ${formatExact(of.params)} params, peak ${formatBytes(of.peakActivationBytes)}`;
  return {
    type: 'text',
    lines: [
      `original: ${costs({ macs, params, peakActivationBytes })}`,
      ...rewritten.map(({ rewrite, cost, newLayers }: RewrittenNetwork) =>
        newLayers === 0
          ? `${rewrite}: changes no layer here`
          : `${rewrite}: ${costs(cost.totals)}; ratio ${formatRatio(cost.totals.macs / macs)}`,
      ),
    ],
  };
}
