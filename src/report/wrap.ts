/** Breaks a long line between words; what was indented stays so. */
export function wrap(text: string, width = Number.POSITIVE_INFINITY): string {
  if (text.length <= width) return text;
  const indent = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trim().split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
