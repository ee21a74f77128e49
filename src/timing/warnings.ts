import { median, medianAbsoluteDeviation } from './statistics.js';

/** What makes samples doubtful, as data; `describeWarning` says it and what to do. */
export type TimingWarning =
  | { readonly kind: 'noisy'; readonly name: string; readonly spread: number }
  | { readonly kind: 'outliers'; readonly name: string; readonly count: number; readonly of: number }
  | { readonly kind: 'first-slow'; readonly name: string; readonly ratio: number }
  | { readonly kind: 'few-rounds'; readonly name: string; readonly rounds: number };

/** A modified z-score beyond this is an outlier (Iglewicz and Hoaglin 1993, as hyperfine uses it). */
const outlierScore = 14.8;
const noisySpread = 0.1;
const fewRounds = 5;

export function findWarnings(name: string, times: readonly number[]): readonly TimingWarning[] {
  if (times.length === 0) return [];
  const center = median(times);
  const deviation = medianAbsoluteDeviation(times);
  const spread = center === 0 ? 0 : deviation / center;
  const score = (time: number) => (deviation === 0 ? 0 : (0.6745 * Math.abs(time - center)) / deviation);
  const outliers = times.filter(time => score(time) > outlierScore).length;
  const [first] = times;
  return [
    ...(times.length < fewRounds ? [{ kind: 'few-rounds', name, rounds: times.length } as const] : []),
    ...(spread > noisySpread ? [{ kind: 'noisy', name, spread } as const] : []),
    ...(score(first!) > outlierScore && first! > center
      ? [{ kind: 'first-slow', name, ratio: first! / center } as const]
      : []),
    ...(outliers > 0 ? [{ kind: 'outliers', name, count: outliers, of: times.length } as const] : []),
  ];
}

const texts: {
  readonly [Kind in TimingWarning['kind']]: (warning: Extract<TimingWarning, { kind: Kind }>) => string;
} = {
  noisy: ({ name, spread }) =>
    `${name}: its samples deviate by ${(spread * 100).toFixed(0)} % of the median. Close other programs, or raise --rounds.`,
  outliers: ({ name, count, of }) =>
    `${name}: ${count} of ${of} samples are far off. The medians ignore them; if there are many, the machine is busy.`,
  'first-slow': ({ name, ratio }) =>
    `${name}: its first sample took ${ratio.toFixed(1)} times the median. If this repeats, raise --rounds.`,
  'few-rounds': ({ name, rounds }) =>
    `${name}: only ${rounds} ${rounds === 1 ? 'sample' : 'samples'}. Raise --rounds to trust the medians.`,
};

export const describeWarning = (warning: TimingWarning): string =>
  (texts[warning.kind] as (warning: TimingWarning) => string)(warning);
