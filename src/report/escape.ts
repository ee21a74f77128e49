const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A name from a file cannot move the cursor or change colours: control characters, the bidirectional marks
 * that reorder what is read, and line separators show as escapes.
 */
export const escapeControls = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter);

/** The same for JSON text, where a line feed outside of strings only lays it out: what is read is equal. */
export const escapeJson = (json: string): string =>
  json.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    escapeCharacter,
  );

/**
 * GitHub's runner takes a line of any log for a command where it begins with `::` (blanks apart), or holds
 * `##[`. No text of convcost does so of itself; a name from a file must not. The escapes are JSON's too, in
 * whose texts both can stand in strings alone.
 */
export const inertLines = (text: string): string =>
  text.replace(/^(\s*):(?=:)/gm, '$1\\u003a').replaceAll('##[', '#\\u0023[');

/** The value of a workflow command: a message. */
export const escapeCommandData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** The value of a workflow command's property: a file name. */
export const escapeCommandProperty = (text: string): string =>
  escapeCommandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of an XML element or attribute; what XML 1.0 cannot hold shows as an escape. */
export const escapeXml = (text: string): string =>
  escapeControls(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, character => entities[character]!);

/**
 * Text as a code span of Markdown: what stands in it is no markup, no link and no HTML, and `@name` calls no
 * one. The fence is longer than any run of backticks inside.
 */
export function markdownCode(text: string): string {
  const shown = escapeControls(text);
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = longest > 0 || shown.trim() === '' ? ' ' : '';
  return `${fence}${gap}${shown}${gap}${fence}`;
}

/** A code span in a cell of a table, where a bar would end the cell even inside code. */
export const markdownCodeCell = (text: string): string =>
  markdownCode(text.replace(/\\(?=\|)/g, '\\u005c')).replaceAll('|', '\\|');
