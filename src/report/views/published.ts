import type { Published } from '../../zoo/published.js';
import type { Block, Cell, Column } from '../document.js';

interface PublishedColumn extends Column {
  readonly cell: (published: Published | undefined) => Cell;
}

const figure = (printed: string | undefined): Cell => ({
  text: printed ?? '',
  value: printed === undefined ? null : Number(printed),
});

/** What papers print of a network. */
export const publishedColumns: readonly PublishedColumn[] = [
  {
    key: 'publishedTop1',
    title: 'top-1 %',
    align: 'right',
    priority: 2,
    cell: published => figure(published?.top1),
  },
  {
    key: 'publishedMacsM',
    title: 'paper: M macs',
    align: 'right',
    priority: 4,
    cell: published => figure(published?.macsM),
  },
  {
    key: 'publishedParamsM',
    title: 'M params',
    align: 'right',
    priority: 4,
    cell: published => figure(published?.paramsM),
  },
  {
    key: 'publishedSource',
    title: 'source',
    align: 'left',
    priority: 6,
    cell: published => ({ text: published?.source ?? '' }),
  },
];

/** Where the figures are from, once each. */
export function publishedLines(all: readonly (Published | undefined)[]): readonly Block[] {
  const sources = [...new Set(all.flatMap(each => each?.source ?? []))];
  if (sources.length === 0) return [];
  const lines = [`top-1: ImageNet, as printed in ${sources.join('; ')}`];
  return [{ type: 'text', lines, tone: 'dim' }];
}
