import type { Budget, GrowthLimit, Level, Limit } from '../../budget/budget.js';
import { type LayerMetric, type Metric, metricNames, metricUnit } from '../../budget/metric.js';
import { parseIncrease, parseQuantity, type Unit } from '../../budget/quantity.js';
import type { CountedFlavor } from '../../cost/count.js';
import { ConvcostError, withPlace } from '../../errors.js';
import { checkForm, type Path } from '../../spec/form.js';
import { configSchema, type WrittenBudget } from '../config-schema.js';
import type { LoadOptions } from '../load.js';
import type { ConfigSource } from './config.js';
import { defaultGrowth } from './default-growth.js';

/** A budget of a config, and the models that it is for. */
export interface ConfigBudget {
  readonly budget: Budget;
  /** As written: paths and globs from the config's folder, zoo names, tokens. */
  readonly models: readonly string[];
  /** How they are read, as the options of the command line say it. */
  readonly options: LoadOptions;
  /** Whether it says how much may grow, so that it asks for a baseline. */
  readonly statesGrowth: boolean;
}

/**
 * Checks what a config holds and parses its numbers.
 *
 * @throws ConvcostError with file, line and column
 */
export function readBudgets(
  source: ConfigSource,
  path: string,
): { readonly baseline: string | undefined; readonly budgets: readonly ConfigBudget[] } {
  const { content } = source;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    const found = Array.isArray(content) ? 'a list' : content ? `a ${typeof content}` : 'nothing';
    throw new ConvcostError('not-a-config', { path, found }, source.place([]));
  }
  const { baseline, budgets } = checkForm(configSchema, content, [], source);
  return { baseline, budgets: budgets.map((written, i) => readBudget(written, ['budgets', i], source)) };
}

function readBudget(written: WrittenBudget, path: Path, source: ConfigSource): ConfigBudget {
  const models = [written.model].flat();
  const { level = 'error' } = written;
  return {
    models,
    options: readOptions(written),
    statesGrowth: typeof written.maxIncrease === 'object',
    budget: {
      name: written.name ?? models.join(', '),
      level: level as Level,
      limits: readLimits(written, path, source),
      growth: readGrowth(written.maxIncrease, [...path, 'maxIncrease'], source),
      allowUnknown: [written.allowUnknown ?? []].flat(),
      place: source.place([...path, 'model']),
    },
  };
}

function readOptions({ input = {}, batch, from, loose }: WrittenBudget): LoadOptions {
  const shapes =
    typeof input === 'string' ? [input] : Object.entries(input).map(([name, shape]) => `${name}=${shape}`);
  return {
    ...(shapes.length > 0 && { input: shapes }),
    ...(batch !== undefined && { batch: String(batch) }),
    ...(from !== undefined && { from }),
    ...(loose !== undefined && { loose }),
  };
}

type Limits = Readonly<Record<string, string | number | undefined>>;

/** Where limits stand in a budget, and what they are limits of. */
function readLimits(written: WrittenBudget, path: Path, source: ConfigSource): readonly Limit[] {
  const read = <Of extends object>(limits: Limits | undefined, at: Path, of: Of) =>
    Object.entries(limits ?? {}).flatMap(([metric, value]) =>
      value === undefined ? [] : [readLimit(metric as Metric, value, [...path, ...at, metric], source, of)],
    );
  return [
    ...read(written.max, ['max'], { of: 'network' }),
    ...read(written.perLayer, ['perLayer'], { of: 'each-layer' }),
    ...Object.entries(written.layers ?? {}).flatMap(([pattern, limits]) =>
      read(limits, ['layers', pattern], { of: 'layers', pattern }),
    ),
    ...Object.entries((written.perFlavor ?? {}) as Record<CountedFlavor, Limits>).flatMap(
      ([flavor, limits]) => read(limits, ['perFlavor', flavor], { of: 'flavor', flavor }),
    ),
  ] as readonly Limit[];
}

function readLimit<Of extends object>(
  metric: Metric | LayerMetric,
  value: string | number,
  path: Path,
  source: ConfigSource,
  of: Of,
) {
  const most = withPlace(source.place(path), () => parseQuantity(value, metricUnit(metric)));
  return { ...of, metric, most, written: String(value), place: source.place(path, 'key') };
}

function readGrowth(
  written: WrittenBudget['maxIncrease'],
  path: Path,
  source: ConfigSource,
): readonly GrowthLimit[] {
  if (written === undefined) return defaultGrowth.map(limit => ({ ...limit, place: source.place(path) }));
  if (written === false) return [];
  const limits = written as Limits;
  return metricNames.flatMap((metric): GrowthLimit[] => {
    const value = limits[metric];
    if (value === undefined) return [];
    const increase = withPlace(source.place([...path, metric]), () =>
      parseIncrease(value, metricUnit(metric)),
    );
    const floor = withPlace(source.place([...path, 'floor']), () => floorFor(metric, limits['floor']));
    const says = floor > 0 ? `${value} or ${limits['floor']}` : String(value);
    return [{ metric, increase, floor, written: says, place: source.place([...path, metric], 'key') }];
  });
}

/** `1M` is a floor of what is counted, `64KiB` of bytes; a bare number is one of both. */
function floorFor(metric: Metric, written: string | number | undefined): number {
  if (written === undefined) return 0;
  const unit = metricUnit(metric);
  const other = unit === 'bytes' ? 'count' : 'bytes';
  return reads(written, unit) || !reads(written, other) ? parseQuantity(written, unit) : 0;
}

function reads(written: string | number, unit: Unit): boolean {
  try {
    parseQuantity(written, unit);
    return true;
  } catch {
    return false;
  }
}
