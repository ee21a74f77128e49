import Table from 'cli-table3';
import { displayWidth } from './display-width.js';
import type { Block, Column, Document, Sheet, Tone } from './document.js';
import { escapeControls } from './escape.js';
import { halfBlocks, picturesAcross } from './half-blocks.js';
import type { Style } from './style.js';
import { wrap } from './wrap.js';

export interface TerminalOptions {
  readonly style: Style;
  /** Columns to fit into; undefined: nothing is left out. */
  readonly width: number | undefined;
}

/** A document for a terminal, or as plain text for a pipe. */
export const renderTerminal = ({ blocks }: Document, options: TerminalOptions): string =>
  `${blocks.map(block => renderBlock(block, options)).join('\n\n')}\n`;

function renderBlock(block: Block, options: TerminalOptions): string {
  const { style, width } = options;
  switch (block.type) {
    case 'heading':
      return style.strong(wrap(escapeControls(block.text), width));
    case 'text':
      return block.lines.map(line => paint(wrap(escapeControls(line), width), block.tone, style)).join('\n');
    case 'sheet':
      return renderSheet(block.sheet, options);
    case 'pictures': {
      const across = picturesAcross(Math.max(...block.pictures.map(picture => picture.width)), width ?? 100);
      return [escapeControls(block.title), ...halfBlocks(block.pictures.slice(0, across), style)].join('\n');
    }
  }
}

/** cli-table3 takes time that grows with the square of the rows: long tables are drawn in parts. */
const rowsPerPart = 200;

function renderSheet(sheet: Sheet, { style, width }: TerminalOptions): string {
  const kept = fitColumns(sheet, width);
  const parts: string[] = [];
  for (let start = 0; start === 0 || start < sheet.rows.length; start += rowsPerPart) {
    const table = new Table({
      ...(start === 0 && { head: kept.map(({ column }) => style.dim(column.title)) }),
      colAligns: kept.map(({ column }) => column.align),
      colWidths: kept.map(column => column.width + gap),
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
      chars: noBorders,
    });
    for (const row of sheet.rows.slice(start, start + rowsPerPart)) {
      const cells = kept.map(({ index }) => row.cells[index]!);
      table.push(
        cells.map(cell =>
          paint(escapeControls(cell.text), row.role === 'total' ? 'strong' : cell.tone, style),
        ),
      );
    }
    parts.push(table.toString());
  }
  return parts
    .join('\n')
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
}

const gap = 2;

const edges = ['top', 'bottom', 'left', 'right'].flatMap(side => [
  side,
  `${side}-mid`,
  `${side}-left`,
  `${side}-right`,
]);
const noBorders = Object.fromEntries([...edges, 'mid', 'middle', 'mid-mid'].map(name => [name, '']));

interface KeptColumn {
  readonly column: Column;
  readonly index: number;
  /** Where even the columns that stay are too wide, the first is cut. */
  readonly width: number;
}

/** Leaves out columns of low priority until the rest fits; then cuts the first. */
function fitColumns({ columns, rows }: Sheet, width = Number.POSITIVE_INFINITY): readonly KeptColumn[] {
  let kept: KeptColumn[] = columns.map((column, index) => ({
    column,
    index,
    width: rows.reduce(
      (widest, row) => Math.max(widest, displayWidth(escapeControls(row.cells[index]!.text))),
      displayWidth(column.title),
    ),
  }));
  const total = () => kept.reduce((sum, column) => sum + column.width + gap, -gap);
  while (total() > width) {
    const least = Math.max(...kept.map(({ column }) => column.priority));
    if (least === 0) break;
    kept = kept.filter(({ column }) => column.priority !== least);
  }
  const excess = total() - width;
  if (excess > 0) kept[0] = { ...kept[0]!, width: Math.max(kept[0]!.width - excess, 8) };
  return kept;
}

const paint = (text: string, tone: Tone | undefined, style: Style): string =>
  tone ? style[tone](text) : text;
