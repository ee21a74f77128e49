import type { Assertion } from '../../budget/assertion.js';
import type { ModelCheck } from '../../budget/check.js';
import type { LayerChange } from '../../budget/diff.js';
import { snapshotChange } from '../../budget/diff.js';
import type { CheckReport, DiffReport, DiffSide } from '../report.js';
import { findingsOf } from './findings.js';

type Json = Readonly<Record<string, unknown>>;

export const checkJson = (report: CheckReport): Json => {
  const { result, verdict, acceptCommand, update } = report;
  const { models, missed, baseline, added, removed, notes } = result;
  return {
    kind: 'check',
    verdict,
    baseline: baseline ?? null,
    models: models.map(modelJson),
    missed: missed.map(({ place, ...rest }) => ({ ...rest, place: place ?? null })),
    added,
    removed,
    notes,
    findings: findingsOf(report).map(({ place, model, ...rest }) => ({
      ...rest,
      model: model ?? null,
      place: place ?? null,
    })),
    acceptCommand,
    ...(update && { update }),
  };
};

const modelJson = ({ key, snapshot, assertions, unknown, cost, diff, isAccepted }: ModelCheck): Json => ({
  model: key,
  totals: snapshot.totals,
  coverage: cost.coverage,
  unknown,
  isAccepted,
  limits: assertions.map(assertionJson),
  change: diff ? { totals: snapshotChange(diff), layers: diff.changes.map(changeJson) } : null,
});

export const assertionJson = ({ subject, before, place, ...rest }: Assertion): Json => ({
  ...rest,
  by: rest.actual - rest.most,
  subject: subject ?? null,
  before: before ?? null,
  place: place ?? null,
});

export const diffJson = ({ convention, before, after, diff }: DiffReport): Json => ({
  kind: 'diff',
  convention,
  before: sideJson(before, diff.before),
  after: sideJson(after, diff.after),
  change: snapshotChange(diff),
  unchanged: diff.unchanged,
  layers: diff.changes.map(changeJson),
});

const sideJson = ({ name, coverage, notes }: DiffSide, totals: Json): Json => ({
  name,
  totals,
  coverage,
  notes,
});

export const changeJson = ({ kind, name, delta, before, after }: LayerChange): Json => ({
  kind,
  name,
  delta,
  before: before ?? null,
  after: after ?? null,
});
