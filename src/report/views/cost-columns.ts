import type { LayerCost, NetworkCost } from '../../cost/count.js';
import { formatShape, type Shape } from '../../model/shape.js';
import type { WindowAxis } from '../../model/window.js';
import type { ColumnOf, ColumnTable, Reader } from '../columns.js';
import type { Cell } from '../document.js';
import { formatBar, formatBytes, formatCount, formatPercent, formatWindow } from '../format.js';

type CostColumn = ColumnOf<LayerCost, NetworkCost>;

const barWidth = 8;

/** All that can be shown of a layer. To add a column, add it here; `--columns` and CSV follow. */
const costColumns = {
  network: { title: 'network', align: 'left', priority: 7, cell: (_, { network }) => text(network.name) },
  name: { title: 'layer', align: 'left', priority: 0, cell: ({ layer }) => text(layer.name) },
  op: { title: 'op', align: 'left', priority: 5, cell: ({ layer }) => text(layer.op) },
  flavor: {
    title: 'kind',
    align: 'left',
    priority: 4,
    cell: ({ layer, flavor }) => text(flavor === 'free' || flavor === 'folded' ? layer.op : flavor, flavor),
  },
  dtype: {
    title: 'dtype',
    align: 'left',
    priority: 6,
    cell: ({ layer }) => text(layer.outputs[0]?.dtype ?? ''),
  },
  input: { title: 'input', align: 'left', priority: 3, cell: ({ layer }) => shape(layer.inputs[0]?.shape) },
  output: {
    title: 'output',
    align: 'left',
    priority: 2,
    cell: ({ layer }) => shape(layer.outputs[0]?.shape),
  },
  kernel: {
    title: 'kernel',
    align: 'left',
    priority: 5,
    cell: ({ layer }) => text(formatWindow(axesOf(layer)), sizes(axesOf(layer), 'kernel')),
  },
  stride: { title: 'stride', align: 'left', priority: 6, cell: ({ layer }) => perAxis(layer, 'stride') },
  padBegin: {
    title: 'pad begin',
    align: 'left',
    priority: 6,
    cell: ({ layer }) => perAxis(layer, 'padBegin'),
  },
  padEnd: { title: 'pad end', align: 'left', priority: 6, cell: ({ layer }) => perAxis(layer, 'padEnd') },
  dilation: {
    title: 'dilation',
    align: 'left',
    priority: 6,
    cell: ({ layer }) => perAxis(layer, 'dilation'),
  },
  groups: {
    title: 'groups',
    align: 'right',
    priority: 6,
    cell: ({ layer }) => (layer.kind === 'conv' ? number(layer.geometry.groups) : text('')),
  },
  macs: { title: 'macs', align: 'right', priority: 0, cell: layer => counted(layer, layer.macs) },
  share: {
    title: 'share',
    align: 'right',
    priority: 3,
    cell: (layer, { totals }) => ({
      text: layer.macs === 0 ? '' : formatPercent(layer.macs / totals.macs),
      value: ratio(layer.macs, totals.macs),
    }),
  },
  bar: {
    title: '',
    align: 'left',
    priority: 7,
    cell: ({ macs }, cost) => {
      const largest = largestMacs(cost);
      return {
        text: largest === 0 ? '' : formatBar(macs / largest, barWidth),
        value: ratio(macs, cost.totals.macs),
        tone: 'accent',
      };
    },
  },
  params: { title: 'params', align: 'right', priority: 1, cell: ({ params }) => count(params) },
  macsInBounds: {
    title: 'in bounds',
    align: 'right',
    priority: 6,
    cell: layer => counted(layer, layer.macsInBounds),
  },
  biasAdds: { title: 'bias adds', align: 'right', priority: 8, cell: ({ biasAdds }) => count(biasAdds) },
  activationBytes: {
    title: 'activations',
    align: 'right',
    priority: 6,
    cell: ({ activationBytes }) => bytes(activationBytes),
  },
  trafficBytes: {
    title: 'traffic',
    align: 'right',
    priority: 6,
    cell: ({ trafficBytes }) => bytes(trafficBytes),
  },
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

const presets = {
  cost: ['name', 'flavor', 'kernel', 'output', 'macs', 'share', 'bar', 'params'],
  memory: ['name', 'flavor', 'output', 'params', 'activationBytes', 'trafficBytes', 'macsPerByte'],
  all: Object.keys(costColumns) as CostColumnName[],
} as const satisfies Record<string, readonly CostColumnName[]>;

export const costTable: ColumnTable<LayerCost, NetworkCost> = { columns: costColumns, presets };

/** What is shown where nothing is asked for. The bar is for eyes; one network needs no name on every line. */
export const usualCostColumns = (reader: Reader, networks: number): readonly string[] =>
  reader === 'person'
    ? presets.cost
    : presets.all.filter(key => key !== 'bar' && (key !== 'network' || networks > 1));

const text = (content: string, value: string = content): Cell => ({ text: content, value });
const number = (value: number): Cell => ({ text: String(value), value });
export const count = (value: number): Cell => ({ text: value === 0 ? '' : formatCount(value), value });
export const bytes = (value: number): Cell => ({ text: formatBytes(value), value });
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Every row asks; a network of thousands of layers is walked once. */
function largestMacs(cost: NetworkCost): number {
  const known = largestOf.get(cost);
  if (known !== undefined) return known;
  const largest = cost.layers.reduce((most, { macs }) => Math.max(most, macs), 0);
  largestOf.set(cost, largest);
  return largest;
}
const largestOf = new WeakMap<NetworkCost, number>();

/** What is not understood costs an unknown number of multiplies, not none. */
const counted = ({ flavor }: LayerCost, value: number): Cell =>
  flavor === 'unknown' ? { text: '?', value: null } : count(value);

const shape = (of: Shape | undefined): Cell =>
  of === undefined ? { text: '?', value: null } : shapeCell(of);

/** People see one image where there is one; programs the whole shape. */
export const shapeCell = (shape: Shape): Cell => ({
  text: formatShape(shape[0] === 1 ? shape.slice(1) : shape),
  value: formatShape(shape),
});

type AxisNumber = 'kernel' | 'stride' | 'dilation' | 'padBegin' | 'padEnd';
const sizes = (axes: readonly WindowAxis[], key: AxisNumber): string => axes.map(axis => axis[key]).join('x');
const perAxis = (layer: LayerCost['layer'], key: AxisNumber): Cell => text(sizes(axesOf(layer), key));

/** The window of a convolution or pool; none elsewhere. */
export function axesOf(layer: LayerCost['layer']): readonly WindowAxis[] {
  if (layer.kind === 'conv') return layer.geometry.axes;
  return layer.kind === 'free' && layer.compute.type === 'pool' ? layer.compute.geometry.axes : [];
}
