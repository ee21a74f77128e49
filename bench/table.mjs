/** A markdown table. */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n');

export const ms = value => (value < 1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(1));
export const times = value => `${value.toFixed(value < 9.95 ? 2 : 1)} x`;
export const percent = value => `${Math.round(100 * value)} %`;
