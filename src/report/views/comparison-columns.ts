import type { LayerComparison } from '../../cost/compare.js';
import type { NetworkCost } from '../../cost/count.js';
import type { ColumnOf, ColumnTable } from '../columns.js';
import type { Cell } from '../document.js';
import { formatRatio, formatWindow } from '../format.js';
import type { ComparedNetwork } from '../report.js';
import { bytes, count } from './cost-columns.js';
import { publishedColumns } from './published.js';

/** The table of convolutions, each both ways. */
const pairColumns = {
  name: { title: 'layer', align: 'left', priority: 0, cell: ({ name }) => ({ text: name, value: name }) },
  channels: {
    title: 'channels',
    align: 'left',
    priority: 3,
    cell: ({ geometry }) => ({ text: `${geometry.inChannels}-${geometry.outChannels}` }),
  },
  kernel: {
    title: 'kernel',
    align: 'left',
    priority: 4,
    cell: ({ geometry }) => ({ text: formatWindow(geometry.axes) }),
  },
  standard: { title: 'standard', align: 'right', priority: 0, cell: ({ standard }) => count(standard.macs) },
  depthwise: {
    title: 'depthwise',
    align: 'right',
    priority: 2,
    cell: ({ depthwise }) => count(depthwise.macs),
  },
  pointwise: {
    title: 'pointwise',
    align: 'right',
    priority: 2,
    cell: ({ pointwise }) => count(pointwise.macs),
  },
  separable: {
    title: 'separable',
    align: 'right',
    priority: 0,
    cell: ({ separable }) => count(separable.macs),
  },
  ratio: {
    title: 'ratio',
    align: 'right',
    priority: 0,
    cell: ({ ratio }) => ({ text: formatRatio(ratio), value: ratio, tone: toneOf(ratio) }),
  },
  law: {
    title: 'law',
    align: 'left',
    priority: 5,
    cell: layer => ({ text: lawText(layer), value: layer.law }),
  },
} as const satisfies Record<string, ColumnOf<LayerComparison, unknown>>;

/** The table of networks side by side, each against the first that was named. */
const ownColumns = {
  name: {
    title: 'network',
    align: 'left',
    priority: 0,
    cell: ({ cost: { network } }) => ({ text: network.name, value: network.name }),
  },
  macs: { title: 'macs', align: 'right', priority: 0, cell: ({ cost }) => count(cost.totals.macs) },
  ratio: {
    title: 'ratio',
    align: 'right',
    priority: 1,
    cell: ({ cost }, first) => ratioCell(cost.totals.macs / first.totals.macs),
  },
  params: { title: 'params', align: 'right', priority: 2, cell: ({ cost }) => count(cost.totals.params) },
  paramsRatio: {
    title: 'ratio',
    align: 'right',
    priority: 4,
    cell: ({ cost }, first) => ratioCell(cost.totals.params / first.totals.params),
  },
  peakActivationBytes: {
    title: 'peak activations',
    align: 'right',
    priority: 3,
    cell: ({ cost }) => bytes(cost.totals.peakActivationBytes),
  },
} as const satisfies Record<string, NetworkColumn>;

type NetworkColumn = ColumnOf<ComparedNetwork, NetworkCost>;

const networkColumns: Readonly<Record<string, NetworkColumn>> = {
  ...ownColumns,
  ...Object.fromEntries(
    publishedColumns.map(({ key, cell, ...column }) => [
      key,
      { ...column, cell: ({ published }: ComparedNetwork) => cell(published) },
    ]),
  ),
};

export const pairTable: ColumnTable<LayerComparison, unknown> = {
  columns: pairColumns,
  presets: { all: Object.keys(pairColumns) },
};
export const networkTable: ColumnTable<ComparedNetwork, NetworkCost> = {
  columns: networkColumns,
  presets: { all: Object.keys(networkColumns) },
};

/** With what papers print, where they print anything. */
export const usualNetworkColumns = (networks: readonly ComparedNetwork[]): readonly string[] =>
  Object.keys(networks.some(({ published }) => published) ? networkColumns : ownColumns);

export const toneOf = (ratio: number) => (ratio < 1 ? 'good' : 'bad');

const ratioCell = (ratio: number): Cell => ({
  text: Number.isFinite(ratio) ? formatRatio(ratio) : '',
  value: Number.isFinite(ratio) ? ratio : null,
});

/** `1/256 + 1/9`, with a multiplier `2 x (1/4 + 1/9)`. */
export function lawText({ multiplier, geometry }: LayerComparison): string {
  const taps = geometry.axes.reduce((product, axis) => product * axis.kernel, 1);
  const sum = `1/${geometry.outChannels} + 1/${taps}`;
  return multiplier === 1 ? sum : `${multiplier} x (${sum})`;
}
