import type { Block, Cell, Column, Document, Row, Sheet } from './document.js';
import { escapeControls } from './escape.js';

/** A document as Markdown (GitHub's): headings, tables and, of texts with indented lines, lists. */
export const renderMarkdown = ({ blocks }: Document): string => `${blocks.map(renderBlock).join('\n\n')}\n`;

function renderBlock(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `### ${escapeMarkdown(block.text)}`;
    case 'text':
      return renderLines(block.lines);
    case 'sheet':
      return renderSheet(block.sheet);
    case 'pictures':
      return `${escapeMarkdown(block.title)}: ${block.pictures.length} feature maps, drawn in a terminal and by --maps`;
  }
}

/** Lines that are indented become a list, others a paragraph of as many lines. */
function renderLines(lines: readonly string[]): string {
  const isItem = (line: string) => line.startsWith('  ');
  const groups: string[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last && isItem(last[0]!) === isItem(line)) last.push(line);
    else groups.push([line]);
  }
  return groups
    .map(group => {
      const texts = group.map(line => escapeMarkdown(line.trim()));
      return isItem(group[0]!) ? texts.map(text => `- ${text}`).join('\n') : texts.join('\\\n');
    })
    .join('\n\n');
}

function renderSheet({ columns, rows }: Sheet): string {
  const texts = [
    columns.map(({ title }) => escapeMarkdown(title)),
    ...rows.map(row => row.cells.map(c => cellText(c, row))),
  ];
  const widths = columns.map((_, i) => Math.max(3, ...texts.map(row => row[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const padded = texts.map(row => row.map((text, i) => pad(text, widths[i]!, columns[i]!)));
  const rule = columns.map(({ align }, i) =>
    align === 'right' ? `${'-'.repeat(widths[i]! - 1)}:` : '-'.repeat(widths[i]!),
  );
  return [padded[0]!, rule, ...padded.slice(1)].map(line).join('\n');
}

const cellText = ({ text }: Cell, { role }: Row): string =>
  role === 'total' && text !== '' ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text);

const pad = (text: string, width: number, { align }: Column): string =>
  align === 'right' ? text.padStart(width) : text.padEnd(width);

/**
 * A text that shows as it is: no markup, links, HTML or mentions, wherever in a line or cell it stands, and
 * control characters as escapes.
 */
export const escapeMarkdown = (text: string): string =>
  escapeControls(text)
    .replace(/[\\`*_[\]<|~$&#]/g, character => (character === '<' ? '&lt;' : `\\${character}`))
    // What GitHub would link by itself: addresses and @names.
    .replace(/:(?=\/\/)/g, '&#58;')
    .replace(/\bwww\.(?=\S)/gi, match => `${match.slice(0, 3)}&#46;`)
    .replace(/@/g, '&#64;')
    // What begins a list, a quote or a heading at the start of a line.
    .replace(/^([-+=>])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
