import type { Published } from '../../zoo/published.js';
import type { ColumnOf } from '../columns.js';
import type { Block, Cell } from '../document.js';

const figure = (printed: string | undefined): Cell => ({
  text: printed ?? '',
  value: printed === undefined ? null : Number(printed),
});

/** What papers print of a network, for any table of networks. */
export const publishedColumns = {
  publishedTop1: {
    title: 'top-1 %',
    align: 'right',
    priority: 2,
    cell: ({ published }) => figure(published?.top1),
  },
  publishedMacsM: {
    title: 'paper: M macs',
    align: 'right',
    priority: 4,
    cell: ({ published }) => figure(published?.macsM),
  },
  publishedParamsM: {
    title: 'M params',
    align: 'right',
    priority: 4,
    cell: ({ published }) => figure(published?.paramsM),
  },
  publishedSource: {
    title: 'source',
    align: 'left',
    priority: 6,
    cell: ({ published }) => ({ text: published?.source ?? '' }),
  },
} as const satisfies Record<string, ColumnOf<{ readonly published: Published | undefined }, unknown>>;

/** Where the figures are from, once each. */
export function publishedLines(all: readonly (Published | undefined)[]): readonly Block[] {
  const sources = [...new Set(all.flatMap(each => (each ? sourceOf(each) : [])))];
  if (sources.length === 0) return [];
  const lines = [`top-1: ImageNet, as printed in ${sources.join('; ')}`];
  return [{ type: 'text', lines, tone: 'dim' }];
}

const sourceOf = ({ source, remark }: Published): string =>
  remark === undefined ? source : `${source} (${remark})`;
