import type { RewriteComparison, RewrittenLayer } from '../../cost/rewrites.js';
import type { ColumnOf, ColumnTable } from '../columns.js';
import type { Cell } from '../document.js';
import { formatWindow } from '../format.js';
import { axesOf, count } from './cost-columns.js';

type Column = ColumnOf<RewrittenLayer, unknown>;

const usual: Readonly<Record<string, Column>> = {
  name: {
    title: 'layer',
    align: 'left',
    priority: 0,
    cell: ({ original: { layer } }) => ({ text: layer.name, value: layer.name }),
  },
  channels: {
    title: 'channels',
    align: 'left',
    priority: 7,
    cell: ({ original: { layer } }) => ({ text: channelsText(layer) }),
  },
  kernel: {
    title: 'kernel',
    align: 'left',
    priority: 8,
    cell: ({ original: { layer } }) => ({ text: formatWindow(axesOf(layer)) }),
  },
  original: {
    title: 'original',
    align: 'right',
    priority: 0,
    cell: ({ original: { macs } }) => count(macs),
  },
};

function channelsText(layer: RewrittenLayer['original']['layer']): string {
  if (layer.kind === 'conv') return `${layer.geometry.inChannels}-${layer.geometry.outChannels}`;
  if (layer.kind !== 'matmul') return '';
  return layer.products.map(({ k, n }) => `${k}-${n}`).join(', ');
}

/** Macs of each original layer, and a column for each plan. */
export const rewriteTable = ({
  rewritten,
}: Pick<RewriteComparison, 'rewritten'>): ColumnTable<RewrittenLayer, unknown> => {
  const columns = {
    ...usual,
    ...Object.fromEntries(rewritten.map(({ rewrite }, index) => [rewrite, planColumn(rewrite, index)])),
  };
  return { columns, presets: { all: Object.keys(columns) } };
};

const planColumn = (rewrite: string, index: number): Column => ({
  title: rewrite,
  align: 'right',
  priority: index === 0 ? 0 : Math.min(index, 6),
  cell: ({ original, rewritten }) => cellOf(original.macs, rewritten[index]?.macs),
});

/** What another layer took in has no cost of its own. */
function cellOf(before: number, after: number | undefined): Cell {
  if (after === undefined) return { text: '', value: null };
  if (after === before) return count(after);
  return { ...count(after), tone: after < before ? 'good' : 'bad' };
}
