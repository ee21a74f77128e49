import { ConvcostError, type Place } from '../errors.js';
import { escapeControls, escapeJson } from '../report/escape.js';
import type { Style } from '../report/style.js';
import { wrap } from '../report/wrap.js';

const longestMessage = 2400;
const longestExcerpt = 100;

/** An error for a person: what is wrong, and where, with a caret. */
export function describeError(
  error: unknown,
  style: Style,
  { isDebug, width = Number.POSITIVE_INFINITY }: { isDebug: boolean; width: number | undefined },
): string {
  const message = wrap(`error: ${escapeControls(messageOf(error))}`, width);
  const lines = [message.replace('error:', style.bad('error:'))];
  if (error instanceof ConvcostError && error.place)
    lines.push(...placeLines(error.place, style, Math.min(longestExcerpt, width - 8)));
  if (isDebug && error instanceof Error) lines.push(style.dim(error.stack ?? ''));
  else if (!(error instanceof ConvcostError))
    lines.push(style.dim('This is a bug in convcost. --debug shows where.'));
  return `${lines.join('\n')}\n`;
}

/** An error for a script: one JSON object. */
export function errorJson(error: unknown): string {
  const known = error instanceof ConvcostError ? error : undefined;
  const content = {
    code: known?.code ?? 'internal',
    message: messageOf(error),
    ...(known?.layer !== undefined && { layer: known.layer }),
    ...(known?.place && { place: known.place }),
    ...(known && { details: known.details }),
  };
  const text = JSON.stringify({ error: content }, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  if (text.length <= longestMessage) return `${escapeJson(text)}\n`;
  return `${escapeJson(JSON.stringify({ error: { code: content.code, message: content.message } }))}\n`;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const layer =
    error instanceof ConvcostError && error.layer !== undefined ? `Layer ${cut(error.layer, 120)}: ` : '';
  return cut(layer + message, longestMessage);
}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 3)}...` : text;

function placeLines(place: Place, style: Style, longest: number): string[] {
  if (place.kind === 'file')
    return [`  ${style.dim('at')} ${escapeControls(place.file)}:${place.line}:${place.column}`];
  const { text, start, end } = place;
  // A long line is shown around the mistake.
  const from = Math.max(0, Math.min(start - Math.floor(longest / 2), text.length - longest));
  const before = `${from > 0 ? '...' : ''}${escapeControls(text.slice(from, start))}`;
  const wrong = escapeControls(text.slice(start, Math.min(end, start + longest)));
  const after = escapeControls(text.slice(end, from + longest));
  const rest = end < text.length && from + longest < text.length ? '...' : '';
  return [
    `  ${before}${wrong}${after}${rest}`,
    `  ${' '.repeat(before.length)}${style.bad('^'.repeat(Math.max(wrong.length, 1)))}`,
  ];
}
