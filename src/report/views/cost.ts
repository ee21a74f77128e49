import { type Coverage, countedFlavors, type LayerCost, type NetworkCost } from '../../cost/count.js';
import { runsInPlace } from '../../model/layer.js';
import { formatShape } from '../../model/shape.js';
import type { WindowAxis } from '../../model/window.js';
import type { Block, Cell, Column, Document, Row } from '../document.js';
import {
  formatBar,
  formatBytes,
  formatCount,
  formatExact,
  formatPercent,
  formatWindow,
  plural,
} from '../format.js';
import type { CostReport } from '../report.js';

/** A column of the table of layers: its heading and what it shows of one layer. */
interface CostColumn extends Omit<Column, 'key'> {
  readonly cell: (layer: LayerCost, cost: NetworkCost) => Cell;
}

const barWidth = 8;

export const costColumns = {
  name: { title: 'layer', align: 'left', priority: 0, cell: ({ layer }) => text(layer.name) },
  op: { title: 'op', align: 'left', priority: 5, cell: ({ layer }) => text(layer.op) },
  flavor: {
    title: 'kind',
    align: 'left',
    priority: 4,
    cell: ({ layer, flavor }) => text(flavor === 'free' ? layer.op : flavor, flavor),
  },
  kernel: {
    title: 'kernel',
    align: 'left',
    priority: 5,
    cell: ({ layer }) => text(formatWindow(axesOf(layer))),
  },
  output: {
    title: 'output',
    align: 'left',
    priority: 2,
    cell: ({ layer }) => text(layer.outputs[0] ? formatShape(layer.outputs[0].shape.slice(1)) : '?'),
  },
  macs: { title: 'macs', align: 'right', priority: 0, cell: ({ macs }) => count(macs) },
  share: {
    title: 'share',
    align: 'right',
    priority: 3,
    cell: ({ macs }, { totals }) => share(macs, totals.macs),
  },
  bar: {
    title: '',
    align: 'left',
    priority: 7,
    cell: ({ macs }, { layers, totals }) => {
      const largest = Math.max(...layers.map(layer => layer.macs));
      return {
        text: largest === 0 ? '' : formatBar(macs / largest, barWidth),
        value: ratio(macs, totals.macs),
        tone: 'accent',
      };
    },
  },
  params: { title: 'params', align: 'right', priority: 1, cell: ({ params }) => count(params) },
  macsInBounds: {
    title: 'in bounds',
    align: 'right',
    priority: 6,
    cell: ({ macsInBounds }) => count(macsInBounds),
  },
  biasAdds: { title: 'bias adds', align: 'right', priority: 8, cell: ({ biasAdds }) => count(biasAdds) },
  activations: {
    title: 'activations',
    align: 'right',
    priority: 6,
    cell: ({ activationBytes }) => bytes(activationBytes),
  },
  traffic: { title: 'traffic', align: 'right', priority: 6, cell: ({ trafficBytes }) => bytes(trafficBytes) },
  macsPerByte: {
    title: 'macs/byte',
    align: 'right',
    priority: 6,
    cell: ({ macsPerByte }) => ({
      text: macsPerByte === 0 ? '' : macsPerByte.toFixed(2),
      value: macsPerByte,
    }),
  },
} as const satisfies Record<string, CostColumn>;

export type CostColumnName = keyof typeof costColumns;
const defaultColumns: readonly CostColumnName[] = [
  'name',
  'flavor',
  'kernel',
  'output',
  'macs',
  'share',
  'bar',
  'params',
];

export function costDocument({ costs, convention }: CostReport, columns = defaultColumns): Document {
  return {
    blocks: costs.flatMap((cost, index) => [
      ...networkBlocks(cost, columns),
      footer(
        [
          coverageLine(cost.coverage, hiddenLayers(cost)),
          ...(index === costs.length - 1 ? [definition(convention)] : []),
        ],
        [cost],
      ),
    ]),
  };
}

function networkBlocks(cost: NetworkCost, columns: readonly CostColumnName[]): readonly Block[] {
  const shown = cost.layers.filter(isShown);
  const layerRows = shown.map(
    (layer): Row => ({
      cells: columns.map(name => (costColumns[name] as CostColumn).cell(layer, cost)),
    }),
  );
  return [
    { type: 'heading', text: cost.network.name },
    ...notesOf(cost.network.notes),
    {
      type: 'sheet',
      sheet: {
        columns: columns.map(key => ({ key, ...(costColumns[key] as CostColumn) })),
        rows: [...layerRows, totalRow(cost, columns)],
      },
    },
    { type: 'text', lines: [flavorLine(cost), memoryLine(cost)] },
  ];
}

/** Element-wise layers cost nothing and change no shape: tables for people leave them out. */
const isShown = ({ layer, flavor }: LayerCost): boolean => flavor !== 'free' || !runsInPlace(layer);
const hiddenLayers = ({ layers }: NetworkCost): number => layers.length - layers.filter(isShown).length;

function totalRow({ totals }: NetworkCost, columns: readonly CostColumnName[]): Row {
  const cells: Partial<Record<CostColumnName, Cell>> = {
    name: { text: 'total' },
    macs: count(totals.macs),
    share: { text: totals.macs === 0 ? '' : '100 %' },
    params: count(totals.params),
    macsInBounds: count(totals.macsInBounds),
    biasAdds: count(totals.biasAdds),
    activations: bytes(totals.activationBytes),
    traffic: bytes(totals.trafficBytes),
  };
  return { isTotal: true, cells: columns.map(name => cells[name] ?? { text: '' }) };
}

/** `macs by kind: pointwise 94.9 %, depthwise 3.06 %`. */
export function flavorLine({ totals }: NetworkCost): string {
  const parts = countedFlavors
    .filter(flavor => totals.byFlavor[flavor] > 0)
    .toSorted((a, b) => totals.byFlavor[b] - totals.byFlavor[a])
    .map(flavor => `${flavor} ${formatPercent(totals.byFlavor[flavor] / totals.macs)}`);
  return `${formatExact(totals.macs)} macs${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

const memoryLine = ({ totals }: NetworkCost): string =>
  `${formatExact(totals.params)} params (${formatBytes(totals.paramBytes)} stored); ` +
  `live activations peak at ${formatBytes(totals.peakActivationBytes)}`;

/** What was counted, and whether that is all. */
export function coverageLine(coverage: Coverage, hidden = 0): string {
  const { kind, counted, free, unknown } = coverage;
  const unknownOps = unknown.map(({ op, count: times, reason }) => `${op} x${times} (${reason})`).join(', ');
  const end =
    kind === 'complete'
      ? 'none unknown'
      : `LOWER BOUND, ${plural(
          unknown.reduce((sum, op) => sum + op.count, 0),
          'layer',
        )} unknown: ${unknownOps}`;
  const folded = hidden > 0 ? ` (${hidden} element-wise not shown)` : '';
  return `coverage: ${plural(counted, 'layer')} counted, ${formatExact(free)} free by convention${folded}, ${end}`;
}

/** The definition in force. */
export const definition = (convention: string): string =>
  `macs: multiply-accumulates of the dense algorithm, padding included, batch as shown (convention: ${convention}); FLOPs would be 2 x macs.`;

/** The last lines of every table: what was counted, and by which definition. */
export const footer = (lines: readonly string[], costs: readonly NetworkCost[]): Block => ({
  type: 'text',
  lines,
  tone: costs.every(({ coverage }) => coverage.kind === 'complete') ? 'dim' : 'warn',
});

export const notesOf = (notes: readonly string[]): readonly Block[] =>
  notes.length === 0 ? [] : [{ type: 'text', lines: notes.map(note => `note: ${note}`), tone: 'warn' }];

const text = (content: string, value: string = content): Cell => ({ text: content, value });
export const count = (value: number): Cell => ({ text: value === 0 ? '' : formatCount(value), value });
const bytes = (value: number): Cell => ({ text: formatBytes(value), value });
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const share = (part: number, whole: number): Cell => ({
  text: part === 0 ? '' : formatPercent(part / whole),
  value: ratio(part, whole),
});

/** The window of a convolution or pool; none elsewhere. */
export function axesOf(layer: LayerCost['layer']): readonly WindowAxis[] {
  if (layer.kind === 'conv') return layer.geometry.axes;
  return layer.kind === 'free' && layer.compute.type === 'pool' ? layer.compute.geometry.axes : [];
}
