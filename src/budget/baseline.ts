import { ConvcostError } from '../errors.js';
import type { CheckResult, ModelCheck } from './check.js';
import { metricNames } from './metric.js';
import type { LayerSnapshot, Snapshot } from './snapshot.js';

/** What networks cost at another time. */
export interface Baseline {
  /** Where it is from: a path, or `git:main`. */
  readonly label: string;
  readonly isCommit: boolean;
  readonly models: ReadonlyMap<string, Snapshot>;
}

const baselineVersion = 1;

/** The text of a committed baseline: models sorted, one line a layer, so that a diff reads as a review. */
export function formatBaseline(models: ReadonlyMap<string, Snapshot>): string {
  const entries = [...models].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(formatModel);
  const body = entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n  }`;
  return `{\n  "schemaVersion": ${baselineVersion},\n  "models": ${body}\n}\n`;
}

const formatModel = ([key, { totals, layers }]: readonly [string, Snapshot]): string =>
  [
    `    ${JSON.stringify(key)}: {`,
    `      "totals": ${line(Object.fromEntries(metricNames.map(name => [name, totals[name]])))},`,
    layers.length === 0
      ? '      "layers": []'
      : `      "layers": [\n${layers.map(formatLayer).join(',\n')}\n      ]`,
    '    }',
  ].join('\n');

const formatLayer = ({ name, form, macs, params, activations }: LayerSnapshot): string =>
  `        ${line({ name, form, macs, params, activations })}`;

/** JSON on one line, with the blanks that people expect. */
const line = (fields: Readonly<Record<string, unknown>>): string =>
  `{ ${Object.entries(fields)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')} }`;

/**
 * Reads a committed baseline.
 *
 * @throws ConvcostError `bad-baseline`
 */
export function parseBaseline(text: string, label: string): Baseline {
  const refuse = (reason: string) => new ConvcostError('bad-baseline', { path: label, reason });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw refuse(`it is not JSON (${(error as Error).message})`);
  }
  const { schemaVersion, models } = fieldsOf(content) ?? {};
  if (schemaVersion !== baselineVersion)
    throw refuse(`its schemaVersion is ${JSON.stringify(schemaVersion) ?? 'absent'}, not ${baselineVersion}`);
  const entries = Object.entries(fieldsOf(models) ?? {}).map(([key, model]) => {
    const snapshot = readSnapshot(model);
    if (!snapshot) throw refuse(`the entry of ${JSON.stringify(key)} is not as convcost writes it`);
    return [key, snapshot] as const;
  });
  return { label, isCommit: false, models: new Map(entries) };
}

function readSnapshot(model: unknown): Snapshot | undefined {
  const { totals, layers } = fieldsOf(model) ?? {};
  const numbers = fieldsOf(totals);
  if (!numbers || !Array.isArray(layers)) return undefined;
  if (!metricNames.every(name => isCount(numbers[name]))) return undefined;
  if (!layers.every(isLayer)) return undefined;
  return { totals: numbers as Snapshot['totals'], layers };
}

function isLayer(value: unknown): value is LayerSnapshot {
  const { name, form, macs, params, activations } = fieldsOf(value) ?? {};
  return typeof name === 'string' && typeof form === 'string' && [macs, params, activations].every(isCount);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;

/** What an update writes, and what of it was held back. */
export interface Update {
  readonly models: ReadonlyMap<string, Snapshot>;
  /** Models whose numbers went up and were left as they were (`--only-down`). */
  readonly heldBack: readonly string[];
}

/** The committed baseline after `check --update`. Models that were not checked stay where only some were. */
export function updateBaseline(
  before: Baseline | undefined,
  { models }: Pick<CheckResult, 'models'>,
  { onlyDown, isWhole }: { readonly onlyDown: boolean; readonly isWhole: boolean },
): Update {
  const kept = new Map(isWhole ? [] : before?.models);
  const heldBack: string[] = [];
  for (const { key, snapshot } of models) {
    const known = before?.models.get(key);
    const isHeldBack = onlyDown && known !== undefined && wentUp(known, snapshot);
    if (isHeldBack) heldBack.push(key);
    kept.set(key, isHeldBack ? known : snapshot);
  }
  return { models: kept, heldBack };
}

const wentUp = (before: Snapshot, after: Snapshot): boolean =>
  metricNames.some(name => after.totals[name] > before.totals[name]);

/** A baseline made of networks that were just counted. */
export const baselineOf = (
  label: string,
  models: readonly Pick<ModelCheck, 'key' | 'snapshot'>[],
  isCommit: boolean,
): Baseline => ({ label, isCommit, models: new Map(models.map(({ key, snapshot }) => [key, snapshot])) });
