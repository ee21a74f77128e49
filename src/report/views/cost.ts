import { type TermName, termTitles } from '../../cost/conventions/convention.js';
import { conventionNamed } from '../../cost/conventions/index.js';
import { type Coverage, countedFlavors, type LayerCost, type NetworkCost } from '../../cost/count.js';
import { foldedCount } from '../../cost/fold.js';
import { runsInPlace } from '../../model/layer.js';
import { type Reader, sheetOf } from '../columns.js';
import type { Block, Cell, Document, Row } from '../document.js';
import { formatBytes, formatExact, formatPercent, plural } from '../format.js';
import type { CostReport } from '../report.js';
import { bytes, type CostColumnName, costTable, count, usualCostColumns } from './cost-columns.js';
import { memoryLines } from './memory.js';

export function costDocument({ costs, convention, view }: CostReport, reader: Reader): Document {
  const columns = view.columns ?? usualCostColumns(reader, costs.length);
  return {
    blocks: costs.flatMap((cost, index) => {
      const shown = reader === 'person' && !view.isFiltered ? cost.layers.filter(hasOwnLine) : cost.layers;
      return [
        { type: 'heading', text: cost.network.name },
        ...notesOf(cost.network.notes),
        { type: 'sheet', sheet: sheetOf(costTable, columns, shown, cost, [totalRow(cost, columns)]) },
        {
          type: 'text',
          lines: [flavorLine(cost), ...(showsMemory(columns) ? memoryLines(cost) : [memoryLine(cost)])],
        },
        footer(
          [
            coverageLine(cost.coverage, hiddenText(cost, shown)),
            ...(index === costs.length - 1 ? [definition(convention)] : []),
          ],
          [cost],
        ),
      ];
    }),
  };
}

/** Element-wise layers that cost nothing change no shape either: tables for people leave them out. */
const hasOwnLine = ({ layer, flavor, macs }: LayerCost): boolean =>
  flavor !== 'free' || macs > 0 || !runsInPlace(layer);

/** What a table leaves out, in words: layers folded into rows, or not selected. */
function hiddenText({ network, layers }: NetworkCost, shown: readonly LayerCost[]): string {
  const folded = shown.reduce((sum, cost) => sum + foldedCount(cost), 0);
  if (folded > shown.length) {
    return ` (${formatExact(folded)} of ${plural(network.layers.length, 'layer')} in ${plural(shown.length, 'row')})`;
  }
  if (layers.length < network.layers.length) {
    return ` (${formatExact(shown.length)} of ${plural(network.layers.length, 'layer')} shown)`;
  }
  return shown.length < layers.length ? ` (${layers.length - shown.length} element-wise not shown)` : '';
}

function totalRow({ totals }: NetworkCost, columns: readonly string[]): Row {
  const cells: Partial<Record<CostColumnName, Cell>> = {
    macs: count(totals.macs),
    share: { text: totals.macs === 0 ? '' : '100 %' },
    params: count(totals.params),
    macsInBounds: count(totals.macsInBounds),
    biasAdds: count(totals.biasAdds),
    activationBytes: bytes(totals.activationBytes),
    trafficBytes: bytes(totals.trafficBytes),
    macsPerByte: {
      text: totals.trafficBytes === 0 ? '' : (totals.macs / totals.trafficBytes).toFixed(2),
    },
  };
  const title = columns.includes('name') ? 'name' : columns.find(name => !Object.hasOwn(cells, name));
  return {
    role: 'total',
    cells: columns.map(name => cells[name as CostColumnName] ?? { text: name === title ? 'total' : '' }),
  };
}

/** `macs by kind: pointwise 94.9 %, depthwise 3.06 %`. */
function flavorLine({ totals }: NetworkCost): string {
  const { byFlavor, macs } = totals;
  const other = macs - countedFlavors.reduce((sum, flavor) => sum + byFlavor[flavor], 0);
  const parts = [
    ...countedFlavors.map(flavor => [flavor, byFlavor[flavor]] as const),
    ['other', other] as const,
  ]
    .filter(([, amount]) => amount > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([flavor, amount]) => `${flavor} ${formatPercent(amount / macs)}`);
  return `${formatExact(totals.macs)} macs${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** Who asks for columns of memory wants to know why. */
const showsMemory = (columns: readonly string[]): boolean => columns.includes('activationBytes');

const memoryLine = ({ totals }: NetworkCost): string =>
  `${formatExact(totals.params)} params (${formatBytes(totals.paramBytes)} stored); ` +
  `live activations peak at ${formatBytes(totals.peakActivationBytes)}`;

/** What was counted, and whether that is all. */
export function coverageLine(coverage: Coverage, hidden = ''): string {
  const { kind, counted, free, unknown } = coverage;
  const opsByReason = new Map<string, string[]>();
  for (const { op, count: times, reason } of unknown)
    opsByReason.set(reason, [...(opsByReason.get(reason) ?? []), `${op} x${times}`]);
  const unknownOps = Array.from(opsByReason, ([reason, ops]) => `${ops.join(', ')} (${reason})`).join(', ');
  const end =
    kind === 'complete'
      ? 'none unknown'
      : `LOWER BOUND, ${plural(
          unknown.reduce((sum, op) => sum + op.count, 0),
          'layer',
        )} unknown: ${unknownOps}`;
  return `coverage: ${plural(counted, 'layer')} counted, ${formatExact(free)} free by convention${hidden}, ${end}`;
}

/** The definition in force. */
export function definition(name: string): string {
  const { version, terms } = conventionNamed(name);
  if (version === undefined) {
    return `macs: multiply-accumulates of the dense algorithm, padding included, batch as shown (convention: ${name}); FLOPs would be 2 x macs.`;
  }
  const differs = Object.keys(terms).map(term => termTitles[term as TermName]);
  const where =
    differs.length === 0
      ? ''
      : `; it differs from convcost in ${differs.join(', ')} (see --explain-convention)`;
  return `macs: multiply-accumulates as ${name} (${version}) counts them${where} (convention: ${name}).`;
}

/** The last lines of every table: what was counted, and by which definition. */
export const footer = (lines: readonly string[], costs: readonly NetworkCost[]): Block => ({
  type: 'text',
  lines,
  tone: costs.every(({ coverage }) => coverage.kind === 'complete') ? 'dim' : 'warn',
});

export const notesOf = (notes: readonly string[]): readonly Block[] =>
  notes.length === 0 ? [] : [{ type: 'text', lines: notes.map(note => `note: ${note}`), tone: 'warn' }];
