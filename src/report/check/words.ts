import type { Assertion } from '../../budget/assertion.js';
import { excessOf } from '../../budget/assertion.js';
import type { Cause } from '../../budget/cause.js';
import { changeMetric } from '../../budget/cause.js';
import type { LayerChange } from '../../budget/diff.js';
import { type Metric, metricUnit } from '../../budget/metric.js';
import type { Place } from '../../errors.js';
import { formatBytes, formatExact, formatPercent, plural } from '../format.js';

/** What a limit is about: `macs`, `macs of layer conv1`, `macs of all depthwise layers`, `growth of macs`. */
export function limitName({ of, metric, subject }: Pick<Assertion, 'of' | 'metric' | 'subject'>): string {
  switch (of) {
    case 'network':
      return metric;
    case 'growth':
      return `growth of ${metric}`;
    case 'flavor':
      return `${metric} of all ${subject} layers`;
    case 'each-layer':
    case 'layers':
      return `${metric} of layer ${subject}`;
  }
}

/** `3,725,568`, or `6,021,120 bytes (5.74 MiB)`. */
function exactAmount(value: number, metric: Metric): string {
  if (metricUnit(metric) === 'count') return formatExact(value);
  const rounded = value < 1024 ? '' : ` (${formatBytes(value)})`;
  return `${plural(value, 'byte')}${rounded}`;
}

/** `24.2 %`; nothing where the limit is 0. */
const shareOf = (share: number): string => (Number.isFinite(share) ? ` (${formatPercent(share)})` : '');

/** What is wrong, with the numbers, in one sentence. */
export function failureText(assertion: Assertion): string {
  const { of, metric, actual, most, before, written } = assertion;
  if (of === 'growth' && before !== undefined) {
    const grown = actual - before;
    const share = before === 0 ? '' : shareOf(grown / before);
    return (
      `${metric} grew by ${exactAmount(grown, metric)}${share}, ` +
      `from ${exactAmount(before, metric)} to ${exactAmount(actual, metric)}; allowed: ${written}, up to ${exactAmount(most, metric)}`
    );
  }
  return (
    `${limitName(assertion)} is ${exactAmount(actual, metric)}, over the limit of ${written} ` +
    `by ${exactAmount(actual - most, metric)}${shareOf(excessOf(assertion))}`
  );
}

/** The layers behind a failure, one a line, most first. */
export function causeLines(cause: Cause, metric: Metric, baseline: string | undefined): readonly string[] {
  const more = cause.others > 0 ? [`  and ${plural(cause.others, 'more layer')}`] : [];
  if (cause.kind === 'grown') {
    const by = changeMetric(metric);
    return [
      `grew since ${baseline}:`,
      ...cause.layers.map(change => `  ${change.name}: ${changeText(change)}, ${deltaText(change, by)}`),
      ...more,
    ];
  }
  return [
    'largest layers:',
    ...cause.layers.map(
      ({ name, form, value, share }) => `  ${name}: ${form}, ${formatExact(value)} (${formatPercent(share)})`,
    ),
    ...more,
  ];
}

/** `depthwise 3x3 32 -> standard 3x3 32-32`, `new: pointwise 1x1 32-64`, `same form, other sizes`. */
export function changeText({ kind, name, before, after }: LayerChange): string {
  if (kind === 'added') return `new, ${after!.form}`;
  if (kind === 'removed') return `gone, ${before!.form}`;
  const was = before!.name === name ? '' : ` (was ${before!.name})`;
  return before!.form === after!.form
    ? `${after!.form}, feature maps resized${was}`
    : `${before!.form} -> ${after!.form}${was}`;
}

/** `+3,499,776 macs`. */
const deltaText = ({ delta }: LayerChange, by: keyof LayerChange['delta']): string =>
  `${signed(delta[by])} ${by === 'activations' ? 'bytes of activations' : by}`;

export const signed = (value: number): string => (value > 0 ? '+' : '') + formatExact(value);

/** `convcost.config.yaml:5:12`. */
export const placeText = (place: Place): string =>
  place.kind === 'file' ? `${place.file}:${place.line}:${place.column}` : place.text;
