import type { Cell, Column, Row, Sheet } from './document.js';

/** A column of a table: its heading, and what it shows of one item of a whole. */
export interface ColumnOf<Item, Whole> extends Omit<Column, 'key'> {
  readonly cell: (item: Item, whole: Whole) => Cell;
}

/** All columns that a table may have, and names for some of them together. */
export interface ColumnTable<Item, Whole> {
  /** By key, which is the field's name in JSON, and the heading in CSV. */
  readonly columns: Readonly<Record<string, ColumnOf<Item, Whole>>>;
  readonly presets: Readonly<Record<string, readonly string[]>>;
}

/** Who reads: a person gets a digest, a program every row and every column. */
export type Reader = 'person' | 'program';

/** Which items are shown, and in which order. */
export interface Selection {
  readonly filter?: (name: string) => boolean;
  readonly sort?: SortOrder;
  readonly top?: number;
}

export interface SortOrder {
  readonly key: string;
  readonly descending: boolean;
}

/** The columns `keys` of some items as a sheet; `totals` come last. */
export const sheetOf = <Item, Whole>(
  { columns }: ColumnTable<Item, Whole>,
  keys: readonly string[],
  items: readonly Item[],
  whole: Whole,
  totals: readonly Row[] = [],
): Sheet => ({
  columns: keys.map(key => ({ key, ...columns[key]! })),
  rows: [...items.map(item => ({ cells: keys.map(key => columns[key]!.cell(item, whole)) })), ...totals],
});

/** A column with its key, whose cells need no more than their item. */
export interface ItemColumn<Item> extends Column {
  readonly cell: (item: Item) => Cell;
}

/** A row for each item; `totals` come last. */
export const sheetOfItems = <Item>(
  columns: readonly ItemColumn<Item>[],
  items: readonly Item[],
  totals: readonly Row[] = [],
): Sheet => ({
  columns,
  rows: [...items.map(item => ({ cells: columns.map(({ cell }) => cell(item)) })), ...totals],
});

/** The items that a selection keeps, in its order. What ties stays as it was. */
export function selectItems<Item, Whole>(
  items: readonly Item[],
  whole: Whole,
  { columns }: ColumnTable<Item, Whole>,
  { filter = () => true, sort, top = items.length }: Selection,
): readonly Item[] {
  const sortValue = (item: Item, key: string): CellValue => {
    const { value, text } = columns[key]!.cell(item, whole);
    return value ?? text;
  };
  const kept = items.filter(item => filter(String(sortValue(item, 'name'))));
  const ordered = sort
    ? kept.toSorted(
        (a, b) => compareValues(sortValue(a, sort.key), sortValue(b, sort.key)) * (sort.descending ? -1 : 1),
      )
    : kept;
  return ordered.slice(0, top);
}

type CellValue = string | number;

/** Numbers by size, texts by letter; a text among numbers (`?`) counts as the least. */
function compareValues(a: CellValue, b: CellValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? 1 : -1;
  return a < b ? -1 : Number(a > b);
}
