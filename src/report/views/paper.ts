import { type ItemColumn, sheetOfItems } from '../columns.js';
import type { Block, Cell, Document } from '../document.js';
import { formatCount } from '../format.js';
import { quantities } from '../papers/compare.js';
import type { PaperFact, PaperQuantity, PaperReport, PaperRow, PaperTable } from '../report.js';
import { definition, footer } from './cost.js';

/** A paper's tables: what it prints, ours beside it, and why where they differ. */
export function paperDocument({ title, source, tables }: PaperReport): Document {
  return {
    blocks: [
      { type: 'heading', text: `${title} (${source})` },
      {
        type: 'text',
        lines: ['What the paper prints, and ours. ≠ marks what neither rounding nor cutting off explains.'],
      },
      ...tables.flatMap(tableBlocks),
      footer([definition('convcost')], []),
    ],
  };
}

function tableBlocks({ number, title, rows }: PaperTable): readonly Block[] {
  const notes = rows.flatMap(row => row.notes.map(note => `≠ ${row.label}: ${note}`));
  return [
    { type: 'heading', text: `Table ${number}: ${title}` },
    { type: 'sheet', sheet: sheetOfItems(columnsOf(rows), rows) },
    ...(notes.length > 0 ? [{ type: 'text', lines: notes, tone: 'warn' } as const] : []),
  ];
}

type PaperColumn = ItemColumn<PaperRow>;

/** Theirs and ours side by side, for each quantity that the table has. */
function columnsOf(rows: readonly PaperRow[]): readonly PaperColumn[] {
  const facts = rows.flatMap(row => row.facts);
  const present = (Object.keys(quantities) as PaperQuantity[]).filter(quantity =>
    facts.some(fact => fact.quantity === quantity),
  );
  return [
    { key: 'label', title: '', align: 'left', priority: 0, cell: ({ label }) => ({ text: label }) },
    ...present.flatMap((quantity, index) => [
      ...pairOf(
        quantity,
        index,
        facts.filter(fact => fact.quantity === quantity),
      ),
    ]),
    { key: 'differs', title: '', align: 'left', priority: 0, cell: markCell },
  ];
}

function pairOf(quantity: PaperQuantity, index: number, facts: readonly PaperFact[]): readonly PaperColumn[] {
  const { title } = quantities[quantity];
  const align = facts.some(({ ours }) => typeof ours === 'string') ? 'left' : 'right';
  const column = (side: 'theirs' | 'ours', heading: string): PaperColumn => ({
    key: `${quantity}.${side}`,
    title: heading,
    align,
    // Where a terminal is narrow, a text that ours mostly repeats goes first.
    priority: align === 'left' && side === 'ours' && index > 0 ? 9 : index,
    cell: ({ facts: all }) =>
      factCell(
        all.find(fact => fact.quantity === quantity),
        side,
      ),
  });
  const hasTheirs = facts.some(({ theirs }) => theirs !== undefined);
  const hasOurs = facts.some(({ ours }) => ours !== undefined);
  return [
    ...(hasTheirs ? [column('theirs', title)] : []),
    ...(hasOurs ? [column('ours', hasTheirs ? 'ours' : title.replace(/^M /, ''))] : []),
  ];
}

function factCell(fact: PaperFact | undefined, side: 'theirs' | 'ours'): Cell {
  if (!fact) return { text: '' };
  if (side === 'theirs') return { text: fact.theirs ?? '' };
  const tone = fact.agrees ? {} : ({ tone: 'warn' } as const);
  return { text: oursText(fact), value: fact.ours ?? null, ...tone };
}

/** With one digit more than theirs. */
function oursText({ quantity, theirs, ours }: PaperFact): string {
  if (typeof ours !== 'number') return ours ?? '';
  if (theirs === undefined) return ours === 0 ? '' : formatCount(ours);
  const decimals = theirs.split('.')[1]?.length ?? 0;
  return (ours / quantities[quantity].unit).toFixed(decimals + 1);
}

const markCell = ({ facts }: PaperRow): Cell =>
  facts.every(({ agrees }) => agrees) ? { text: '' } : { text: '≠', tone: 'warn' };
