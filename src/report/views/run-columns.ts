import type { ColumnOf, ColumnTable, Reader } from '../columns.js';
import type { Cell } from '../document.js';
import { formatMs } from '../format.js';
import type { LayerRun } from '../report.js';
import { count, shapeCell } from './cost-columns.js';

type RunColumn = ColumnOf<LayerRun, unknown>;

/** What a run shows of a layer beside its values. */
const runColumns = {
  name: { title: 'layer', align: 'left', priority: 0, cell: ({ name }) => ({ text: name, value: name }) },
  kernel: {
    title: 'kernel',
    align: 'left',
    priority: 4,
    cell: ({ kernel }) => ({ text: kernel, value: kernel }),
  },
  output: {
    title: 'output',
    align: 'left',
    priority: 2,
    cell: ({ output: { shape } }) => shapeCell(shape),
  },
  macs: { title: 'macs', align: 'right', priority: 1, cell: ({ macs }) => count(macs) },
  multiplies: {
    title: 'multiplied',
    align: 'right',
    priority: 5,
    cell: ({ multiplies }) => (multiplies === undefined ? missing : count(multiplies)),
  },
  medianMs: { title: 'median', align: 'right', priority: 0, cell: ({ timing }) => time(timing.medianMs) },
  madMs: { title: '± MAD', align: 'right', priority: 3, cell: ({ timing }) => time(timing.madMs) },
  gmacPerSecond: {
    title: 'GMAC/s',
    align: 'right',
    priority: 2,
    cell: ({ macs, timing }) => {
      if (macs === 0 || timing.medianMs === 0) return missing;
      const speed = macs / timing.medianMs / 1e6;
      return { text: speed.toPrecision(3), value: speed };
    },
  },
  maxRelError: {
    title: 'error',
    align: 'right',
    priority: 3,
    cell: ({ agreement }) =>
      agreement ? { text: agreement.maxRelError.toExponential(1), value: agreement.maxRelError } : missing,
  },
} as const satisfies Record<string, RunColumn>;

export type RunColumnName = keyof typeof runColumns;

export const runTable: ColumnTable<LayerRun, unknown> = {
  columns: runColumns,
  presets: { all: Object.keys(runColumns) },
};

/** People see no column of errors where nothing was held against the reference. */
export function usualRunColumns(reader: Reader, layers: readonly LayerRun[]): readonly string[] {
  const all = Object.keys(runColumns) as RunColumnName[];
  if (reader === 'program') return all;
  const isChecked = layers.some(({ agreement }) => agreement);
  return all.filter(key => key !== 'multiplies' && (key !== 'maxRelError' || isChecked));
}

const missing: Cell = { text: '', value: null };
export const time = (milliseconds: number): Cell => ({ text: formatMs(milliseconds), value: milliseconds });
