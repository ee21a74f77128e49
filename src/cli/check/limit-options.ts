import type { Budget, GrowthLimit, Limit } from '../../budget/budget.js';
import { type Metric, metricNames, metricUnit } from '../../budget/metric.js';
import { parseIncrease, parseQuantity } from '../../budget/quantity.js';
import { ConvcostError } from '../../errors.js';
import { defaultGrowth } from './default-growth.js';

/** Limits given on the command line. */
export interface LimitOptions {
  readonly max?: readonly string[];
  readonly maxIncrease?: readonly string[];
  readonly allowUnknown?: readonly string[];
}

/**
 * `--max macs=600M,params=4.3M` on top of what the budgets of a network say; `--max-increase` in place of it.
 *
 * @throws ConvcostError `bad-limit`, `unknown-metric`, `bad-quantity`
 */
export function limitOptions(options: LimitOptions): (budgets: readonly Budget[]) => readonly Budget[] {
  const growth = options.maxIncrease ? growthOf(options.maxIncrease) : undefined;
  const allowed = (options.allowUnknown ?? []).flatMap(words => words.split(','));
  const own: Budget = { ...commandLine, limits: limitsOf(options.max), allowUnknown: allowed };
  const alone: Budget = { ...own, growth: growth ?? defaultGrowth };
  // Beside budgets of a config: they decide what is allowed.
  const beside: Budget = { ...own, allowUnknown: ['*'] };
  const changed = new Map<Budget, Budget>();
  const change = (budget: Budget): Budget => {
    const known = changed.get(budget) ?? {
      ...budget,
      growth: growth ?? budget.growth,
      allowUnknown: [...budget.allowUnknown, ...allowed],
    };
    changed.set(budget, known);
    return known;
  };
  return budgets => (budgets.length === 0 ? [alone] : [...budgets.map(change), beside]);
}

const commandLine: Budget = {
  name: 'command line',
  level: 'error',
  limits: [],
  growth: [],
  allowUnknown: [],
  place: undefined,
};

const limitsOf = (max: readonly string[] | undefined): readonly Limit[] =>
  pairsOf(max).map(([metric, written]) => ({
    of: 'network',
    metric,
    most: parseQuantity(written, metricUnit(metric)),
    written,
    place: undefined,
  }));

const growthOf = (maxIncrease: readonly string[]): readonly GrowthLimit[] =>
  pairsOf(maxIncrease).map(([metric, written]) => ({
    metric,
    increase: parseIncrease(written, metricUnit(metric)),
    floor: 0,
    written,
    place: undefined,
  }));

const pairsOf = (options: readonly string[] = []): readonly (readonly [Metric, string])[] =>
  options
    .flatMap(option => option.split(','))
    .map(text => {
      const [, metric, written] = /^\s*(\w+)=(.+)$/.exec(text) ?? [];
      if (metric === undefined || written === undefined) throw new ConvcostError('bad-limit', { text });
      const known = metricNames.find(name => name === metric);
      if (known) return [known, written] as const;
      throw new ConvcostError('unknown-metric', { word: metric, known: metricNames });
    });
