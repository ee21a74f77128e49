import type { Cell, Document, Sheet } from './document.js';
import { escapeControls } from './escape.js';

/**
 * The data of a document as comma-separated values (RFC 4180, lines end with a line feed): one table, whose
 * heading names the columns by their keys. Numbers are raw; headings, notes and totals are no data.
 */
export function renderCsv({ blocks }: Document): string {
  const sheets = blocks.flatMap(block => (block.type === 'sheet' ? [block.sheet] : []));
  const [first] = sheets;
  if (!first) return '';
  const rows = sheets.filter(sheet => hasSameColumns(sheet, first)).flatMap(dataRows);
  return [first.columns.map(({ key }) => escapeCsv(key)), ...rows]
    .map(fields => `${fields.join(',')}\n`)
    .join('');
}

const hasSameColumns = (a: Sheet, b: Sheet): boolean =>
  a.columns.length === b.columns.length && a.columns.every(({ key }, i) => key === b.columns[i]!.key);

const dataRows = ({ rows }: Sheet): readonly string[][] =>
  rows.filter(({ role }) => role === undefined).map(({ cells }) => cells.map(field));

function field({ text, value = text }: Cell): string {
  if (value === null) return '';
  return typeof value === 'number' ? String(value) : escapeCsv(value);
}

/**
 * A text as one field: control characters show as escapes, what a spreadsheet would run as a formula is
 * marked as text (OWASP, CSV injection), and separators are quoted.
 */
export function escapeCsv(text: string): string {
  const shown = escapeControls(text);
  const safe = /^\s*[=+\-@＝＋－＠]/.test(shown) ? `'${shown}` : shown;
  return /[",;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
