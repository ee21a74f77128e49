import type { NetworkCost, UnknownOp } from '../cost/count.js';
import type { Place } from '../errors.js';
import { type Assertion, assertBudget, excessOf, namesLayer } from './assertion.js';
import type { Baseline } from './baseline.js';
import type { Budget, Level } from './budget.js';
import { diffSnapshots, type NetworkDiff, totalsDiffer } from './diff.js';
import { matchesWord } from './pattern.js';
import { type Snapshot, snapshotOf } from './snapshot.js';

/** A network to check, with every budget that names it. */
export interface Candidate {
  /** How the baseline and reports call it: the path from the config, and the input where one is set. */
  readonly key: string;
  readonly cost: NetworkCost;
  readonly budgets: readonly Budget[];
}

/** One network, held against every budget that names it. */
export interface ModelCheck {
  readonly key: string;
  readonly cost: NetworkCost;
  readonly snapshot: Snapshot;
  readonly assertions: readonly Assertion[];
  /** Ops that are not counted, and that a budget does not allow. */
  readonly unknown: readonly UnknownOp[];
  /** Against the baseline; absent where it has no such model, or there is none. */
  readonly diff: NetworkDiff | undefined;
  /** Its growth was accepted: the committed baseline holds these very numbers. */
  readonly isAccepted: boolean;
}

/** A budget, or one limit of it, that nothing matches: probably a renamed file or layer. */
export interface Missed {
  readonly budget: string;
  /** What nothing matched: a model, or a pattern for layers. */
  readonly what: string;
  readonly kind: 'model' | 'layer';
  readonly level: Level;
  readonly place: Place | undefined;
}

/** What a check found. `verdictOf` and `failuresOf` read it. */
export interface CheckResult {
  /** One entry for each candidate, in their order. */
  readonly models: readonly ModelCheck[];
  readonly missed: readonly Missed[];
  /** What the models were compared with: `.convcost/baseline.json`, `git:main`. */
  readonly baseline: string | undefined;
  /** Whether that is a commit, which only moves by merging. */
  readonly isCommit: boolean;
  /** Models that the baseline does not know, and those that are gone. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly notes: readonly string[];
}

/** What networks are held against, beside their budgets. */
export interface CheckAgainst {
  /** What they cost before; absent: growth is not checked. */
  readonly baseline: Baseline | undefined;
  /** Numbers that the team accepted although the baseline, a commit, has others. */
  readonly accepted: Baseline | undefined;
  /** Budgets that no network matched, found while the networks were looked for. */
  readonly missed: readonly Missed[];
  /** False where only some models are checked: the others are not gone. */
  readonly isWhole: boolean;
  readonly notes: readonly string[];
}

/** Holds every network against its budgets and the baseline. */
export function checkBudgets(
  candidates: readonly Candidate[],
  { baseline, accepted, missed, isWhole, notes }: CheckAgainst,
): CheckResult {
  const models = candidates.map(candidate => checkOne(candidate, baseline, accepted));
  const keys = new Set(candidates.map(({ key }) => key));
  return {
    models,
    missed: [...missed, ...missedLayers(candidates, models)],
    baseline: baseline?.label,
    isCommit: baseline?.isCommit ?? false,
    added: baseline ? [...keys].filter(key => !baseline.models.has(key)) : [],
    removed: baseline && isWhole ? [...baseline.models.keys()].filter(key => !keys.has(key)) : [],
    notes,
  };
}

function checkOne(
  { key, cost, budgets }: Candidate,
  baseline: Baseline | undefined,
  accepted: Baseline | undefined,
): ModelCheck {
  const snapshot = snapshotOf(cost, 'costly');
  const known = baseline?.models.get(key);
  const agreed = accepted?.models.get(key);
  const isAccepted = agreed !== undefined && !totalsDiffer({ before: agreed.totals, after: snapshot.totals });
  const before = isAccepted ? undefined : known?.totals;
  return {
    key,
    cost,
    snapshot,
    assertions: budgets.flatMap(budget => assertBudget(budget, cost, snapshot.totals, before)),
    unknown: cost.coverage.unknown.filter(
      ({ op }) =>
        !budgets.every(({ allowUnknown }) => allowUnknown.some(pattern => matchesWord(pattern, op))),
    ),
    diff: known && diffSnapshots(known, snapshot),
    isAccepted,
  };
}

/** Patterns for layers that match none in any network of their budget. */
function missedLayers(candidates: readonly Candidate[], models: readonly ModelCheck[]): readonly Missed[] {
  const budgets = new Set(candidates.flatMap(candidate => candidate.budgets));
  return [...budgets].flatMap(budget => {
    const own = models.filter((_, index) => candidates[index]!.budgets.includes(budget));
    return budget.limits.flatMap(limit =>
      limit.of !== 'layers' || own.some(({ cost }) => namesLayer(limit.pattern, cost))
        ? []
        : [
            {
              budget: budget.name,
              what: limit.pattern,
              kind: 'layer' as const,
              level: budget.level,
              place: limit.place,
            },
          ],
    );
  });
}

/** A limit that was passed, with the network that passed it. */
export interface Failure {
  readonly model: ModelCheck;
  readonly assertion: Assertion;
}

/** Every limit that was passed: errors before warnings, the worst first. */
export const failuresOf = ({ models }: Pick<CheckResult, 'models'>): readonly Failure[] =>
  models
    .flatMap(model =>
      model.assertions.filter(({ passed }) => !passed).map(assertion => ({ model, assertion })),
    )
    .toSorted(
      (a, b) =>
        Number(a.assertion.level === 'warn') - Number(b.assertion.level === 'warn') ||
        compare(excessOf(b.assertion), excessOf(a.assertion)) ||
        b.assertion.actual - a.assertion.actual,
    );

/** Infinity - Infinity is no order. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** What a check comes to: the exit codes 0, 1 and 3 of the command line. */
export type Verdict = 'passed' | 'failed' | 'incomplete';

/** A limit that a lower bound already passes is passed for certain: failed goes before incomplete. */
export function verdictOf(result: Pick<CheckResult, 'models' | 'missed'>): Verdict {
  const isError = ({ level }: { readonly level: Level }) => level === 'error';
  if (failuresOf(result).some(({ assertion }) => isError(assertion)) || result.missed.some(isError))
    return 'failed';
  return result.models.some(({ unknown }) => unknown.length > 0) ? 'incomplete' : 'passed';
}
