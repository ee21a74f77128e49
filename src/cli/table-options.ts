import type { Command } from 'commander';
import { ConvcostError } from '../errors.js';
import { type ColumnTable, type Selection, type SortOrder, selectItems } from '../report/columns.js';
import type { TableView } from '../report/report.js';
import { nearestWord } from '../suggest.js';
import { joined, wholeOption } from './command.js';
import { namePatterns } from './name-pattern.js';

/** What a user may ask of the rows and columns of a table, as written. */
export interface TableOptions {
  readonly columns?: string;
  readonly sort?: string;
  readonly top?: string;
  readonly filter?: string;
}

export const withTableOptions = (command: Command, { columns, presets }: AnyTable): Command =>
  command
    .option(
      '--columns <names>',
      `columns to show, joined by commas: ${Object.keys(columns).join(', ')}; or ${Object.keys(presets).join(', ')}`,
      joined,
    )
    .option(
      '--sort <column>',
      'order rows by a column: numbers from the largest, texts from A; COLUMN:asc or COLUMN:desc turns that',
    )
    .option('--top <n>', 'show the first n rows; without --sort, those with the most macs')
    .option('--filter <names>', 'show rows by name: names joined by commas, * for any characters', joined);

type AnyTable = { readonly columns: object; readonly presets: object };

export const readView = <Item, Whole>(
  { columns, filter }: TableOptions,
  table: ColumnTable<Item, Whole>,
): TableView => ({
  ...(columns !== undefined && { columns: parseColumns(columns, table) }),
  isFiltered: filter !== undefined,
});

/**
 * Chooses and orders the rows of one or more wholes.
 *
 * @param mostMacs the column by which `--top` chooses where no order is given
 * @throws ConvcostError `nothing-matches` where a filter's pattern fits no name anywhere
 */
export function selectRows<Item, Whole>(
  wholes: readonly { readonly items: readonly Item[]; readonly whole: Whole }[],
  options: TableOptions,
  table: ColumnTable<Item, Whole>,
  mostMacs: string,
): readonly (readonly Item[])[] {
  const sort = sortOrder(options, table, mostMacs);
  const selection: Selection = {
    ...(sort && { sort }),
    ...(options.top !== undefined && { top: wholeOption('--top', options.top, 1) }),
    ...(options.filter !== undefined && {
      filter: nameFilter(
        options.filter,
        wholes.flatMap(({ items, whole }) =>
          items.map(item => table.columns['name']!.cell(item, whole).text),
        ),
      ),
    }),
  };
  return wholes.map(({ items, whole }) => selectItems(items, whole, table, selection));
}

/** @throws ConvcostError `nothing-matches` */
function nameFilter(patterns: string, known: readonly string[]): (name: string) => boolean {
  const all = namePatterns(patterns);
  for (const { text, matches } of all) {
    if (known.some(matches)) continue;
    throw new ConvcostError('nothing-matches', { word: text, known });
  }
  return name => all.some(({ matches }) => matches(name));
}

function sortOrder<Item, Whole>(
  { sort, top }: TableOptions,
  table: ColumnTable<Item, Whole>,
  mostMacs: string,
): SortOrder | undefined {
  if (sort !== undefined) return parseSort(sort, table);
  return top === undefined ? undefined : { key: mostMacs, descending: true };
}

/** Keys of columns joined by commas: by key, heading or preset. */
const parseColumns = <Item, Whole>(text: string, table: ColumnTable<Item, Whole>): readonly string[] => [
  ...new Set(
    text.split(',').flatMap(word => {
      const preset = Object.hasOwn(table.presets, word) ? table.presets[word] : undefined;
      return preset ?? [columnKey(word, table)];
    }),
  ),
];

/** `macs`, `name:asc`, `params:desc`. */
function parseSort<Item, Whole>(text: string, table: ColumnTable<Item, Whole>): SortOrder {
  const [word, direction, ...rest] = text.split(':') as [string, ...string[]];
  if (rest.length > 0 || ![undefined, 'asc', 'desc'].includes(direction)) {
    const expected = 'a column, alone or with :asc or :desc after it';
    throw new ConvcostError('bad-option', { option: '--sort', value: text, expected });
  }
  const key = columnKey(word, table);
  const descending = direction ? direction === 'desc' : table.columns[key]!.align === 'right';
  return { key, descending };
}

/** @throws ConvcostError `unknown-column` */
function columnKey<Item, Whole>(text: string, { columns, presets }: ColumnTable<Item, Whole>): string {
  const word = text.trim();
  const found = Object.entries(columns).find(
    ([key, { title }]) => word !== '' && [key.toLowerCase(), title].includes(word.toLowerCase()),
  );
  if (found) return found[0];
  const known = Object.keys(columns);
  const suggestion = nearestWord(word, [...known, ...Object.keys(presets)]);
  throw new ConvcostError('unknown-column', { word, known, suggestion });
}
