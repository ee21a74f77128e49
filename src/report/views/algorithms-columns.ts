import { type AlgorithmName, algorithmNames } from '../../cost/algorithms.js';
import { type AlgorithmComparison, costBy } from '../../cost/compare-algorithms.js';
import type { ColumnOf, ColumnTable } from '../columns.js';
import type { Cell } from '../document.js';
import { formatRatio, formatWindow } from '../format.js';
import { toneOf } from './comparison-columns.js';
import { axesOf, bytes, count } from './cost-columns.js';

type Column = ColumnOf<AlgorithmComparison, unknown>;

const none: Cell = { text: '', value: null };
const cellOf = (value: number | undefined, show: (value: number) => Cell): Cell =>
  value === undefined ? none : show(value);

const titles: Readonly<Record<AlgorithmName, string>> = {
  direct: 'direct',
  im2col: 'im2col',
  'winograd-f2x2': 'F(2x2)',
  'winograd-f4x4': 'F(4x4)',
};

/** Multiplies, the buffer, and the transforms of one algorithm. */
const columnsOf = (name: AlgorithmName): readonly (readonly [string, Column])[] => [
  [
    name,
    {
      title: titles[name],
      align: 'right',
      priority: name === 'direct' ? 0 : 1,
      cell: layer => cellOf(costBy(layer, name)?.multiplies, count),
    },
  ],
  [
    `${name}-buffer`,
    {
      title: `${titles[name]} buffer`,
      align: 'right',
      priority: 6,
      cell: layer => cellOf(costBy(layer, name)?.bufferBytes, bytes),
    },
  ],
  [
    `${name}-transforms`,
    {
      title: `${titles[name]} transforms`,
      align: 'right',
      priority: 7,
      cell: layer => cellOf(costBy(layer, name)?.transformMultiplies, count),
    },
  ],
];

const columns: Readonly<Record<string, Column>> = {
  name: { title: 'layer', align: 'left', priority: 0, cell: ({ name }) => ({ text: name, value: name }) },
  kernel: {
    title: 'kernel',
    align: 'left',
    priority: 5,
    cell: ({ layer }) => ({ text: formatWindow(axesOf(layer)) }),
  },
  ...Object.fromEntries(algorithmNames.flatMap(columnsOf)),
  separable: {
    title: 'separable',
    align: 'right',
    priority: 0,
    cell: layer => cellOf(layer.separable, count),
  },
  fewest: {
    title: 'fewest',
    align: 'left',
    priority: 2,
    cell: ({ fewest }) => ({ text: fewest === 'separable' ? fewest : titles[fewest], value: fewest }),
  },
  ratio: {
    title: 'separable / best',
    align: 'right',
    priority: 0,
    cell: ({ ratio }) => cellOf(ratio, value => ({ text: formatRatio(value), value, tone: toneOf(value) })),
  },
};

const usual = [
  'name',
  'kernel',
  'direct',
  'im2col-buffer',
  'winograd-f2x2',
  'winograd-f4x4',
  'separable',
  'fewest',
  'ratio',
];

export const algorithmTable: ColumnTable<AlgorithmComparison, unknown> = {
  columns,
  presets: { cost: usual, all: Object.keys(columns) },
};
