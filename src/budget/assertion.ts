import type { LayerCost, NetworkCost } from '../cost/count.js';
import type { Place } from '../errors.js';
import { exactSum } from '../model/exact.js';
import type { Budget, GrowthLimit, Level, Limit } from './budget.js';
import { type LayerMetric, type Metric, metrics } from './metric.js';
import { matchesWord } from './pattern.js';
import { allowedAfter } from './quantity.js';
import type { Snapshot } from './snapshot.js';

/** One limit held against one number. */
export interface Assertion {
  readonly of: Limit['of'] | 'growth';
  readonly metric: Metric;
  /** The layer, kind of layer or pattern that it is about; absent: the network. */
  readonly subject: string | undefined;
  readonly actual: number;
  readonly most: number;
  /** What the baseline has, for growth. */
  readonly before: number | undefined;
  /** The limit as it was written: `600M`, `2%`. */
  readonly written: string;
  readonly passed: boolean;
  readonly level: Level;
  /** The limit's own line. */
  readonly place: Place | undefined;
}

/** Holds one network against one budget. */
export function assertBudget(
  budget: Budget,
  cost: NetworkCost,
  now: Snapshot['totals'],
  before: Snapshot['totals'] | undefined,
): readonly Assertion[] {
  const limits = budget.limits.flatMap(limit => assertLimit(limit, cost, now, budget.level));
  const growth = before ? budget.growth.map(limit => assertGrowth(limit, now, before, budget.level)) : [];
  return [...limits, ...growth];
}

function assertGrowth(
  limit: GrowthLimit,
  now: Snapshot['totals'],
  before: Snapshot['totals'],
  level: Level,
): Assertion {
  const { metric, increase, floor } = limit;
  const most = allowedAfter(before[metric], increase, floor);
  const about = { of: 'growth', subject: undefined, before: before[metric] } as const;
  return { ...about, ...verdict(limit, now[metric], most, level) };
}

function assertLimit(
  limit: Limit,
  cost: NetworkCost,
  now: Snapshot['totals'],
  level: Level,
): readonly Assertion[] {
  const assertion = (subject: string | undefined, actual: number): Assertion => ({
    of: limit.of,
    subject,
    before: undefined,
    ...verdict(limit, actual, limit.most, level),
  });
  switch (limit.of) {
    case 'network':
      return [assertion(undefined, now[limit.metric])];
    case 'flavor': {
      const layers = cost.layers.filter(({ flavor }) => flavor === limit.flavor);
      return [assertion(limit.flavor, exactSum(limit.metric, layers.map(ofLayer(limit.metric))))];
    }
    case 'each-layer':
      return eachLayer(cost.layers, limit, assertion);
    case 'layers':
      return eachLayer(
        cost.layers.filter(({ layer }) => matchesWord(limit.pattern, layer.name)),
        limit,
        assertion,
      );
  }
}

/** One assertion for every layer that is over, largest first; one for the largest where none is. */
function eachLayer(
  layers: readonly LayerCost[],
  { metric, most }: { readonly metric: LayerMetric; readonly most: number },
  assertion: (subject: string, actual: number) => Assertion,
): readonly Assertion[] {
  const value = ofLayer(metric);
  const sorted = layers.toSorted((a, b) => value(b) - value(a));
  const over = sorted.filter(layer => value(layer) > most);
  return (over.length > 0 ? over : sorted.slice(0, 1)).map(layer =>
    assertion(layer.layer.name, value(layer)),
  );
}

/** Whether a pattern for layers names any layer of the network. */
export const namesLayer = (pattern: string, { layers }: NetworkCost): boolean =>
  layers.some(({ layer }) => matchesWord(pattern, layer.name));

export const ofLayer = (metric: LayerMetric): ((layer: LayerCost) => number) => metrics[metric].ofLayer;

const verdict = (
  { metric, written, place }: Limit | GrowthLimit,
  actual: number,
  most: number,
  level: Level,
) => ({ metric, written, place, actual, most, level, passed: actual <= most });

/** How far over its limit, relative to it; a limit of 0 is passed without bound. */
export const excessOf = ({ actual, most }: Pick<Assertion, 'actual' | 'most'>): number =>
  most === 0 ? (actual === 0 ? 0 : Number.POSITIVE_INFINITY) : actual / most - 1;
