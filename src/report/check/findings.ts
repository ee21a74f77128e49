import { causeOf } from '../../budget/cause.js';
import {
  type CheckResult,
  type Failure,
  failuresOf,
  type Missed,
  type ModelCheck,
} from '../../budget/check.js';
import type { Place } from '../../errors.js';
import { formatExact, plural } from '../format.js';
import type { CheckReport } from '../report.js';
import { causeLines, failureText, limitName, placeText } from './words.js';

/** One thing that the check found, in words: what every reporter tells in its own form. */
export interface Finding {
  readonly severity: 'error' | 'warn' | 'incomplete';
  /** What kind of thing: `over-budget`, `missed-budget`, `unknown-op`. */
  readonly rule: string;
  /** The network; absent where a budget found none. */
  readonly model: string | undefined;
  /** Which limit, without its numbers: one finding has one identity while the numbers move. */
  readonly about: string;
  /** One sentence, with the numbers. */
  readonly title: string;
  /** The layers behind it. */
  readonly causes: readonly string[];
  /** What to change, and how to accept. */
  readonly advice: readonly string[];
  /** The line of the config that it is about. */
  readonly place: Place | undefined;
}

/** Everything that is wrong, the worst first: limits, then budgets that found nothing, then unknown ops. */
export const findingsOf = (report: CheckReport): readonly Finding[] => [
  ...failuresOf(report.result).map(failure => overBudget(failure, report)),
  ...report.result.missed.map(missedBudget),
  ...report.result.models.filter(({ unknown }) => unknown.length > 0).map(unknownOps),
];

function overBudget(failure: Failure, report: CheckReport): Finding {
  const { model, assertion } = failure;
  const { result } = report;
  const cause = causeOf(failure);
  return {
    severity: assertion.level,
    rule: assertion.of === 'growth' ? 'over-baseline' : 'over-budget',
    model: model.key,
    about: limitName(assertion),
    title: failureText(assertion),
    causes: cause ? causeLines(cause, assertion.metric, result.baseline) : [],
    advice: [
      assertion.place
        ? `the limit: ${placeText(assertion.place)}`
        : assertion.of === 'growth'
          ? 'the limit: maxIncrease, which no budget of this network sets'
          : 'the limit: --max of the command line',
      acceptText(failure, report),
    ],
    place: assertion.place,
  };
}

/** How to take the new numbers as they are. */
function acceptText({ assertion }: Failure, { result, acceptCommand }: CheckReport): string {
  if (assertion.of !== 'growth') {
    return `to accept: raise the limit there, and record the new numbers with: ${acceptCommand}`;
  }
  const why = result.isCommit
    ? ' (numbers committed in this way take precedence over those of the commit)'
    : '';
  return `to accept: ${acceptCommand}${why}`;
}

function missedBudget({ budget, what, kind, level, place }: Missed): Finding {
  const nothing =
    kind === 'model'
      ? `no model matches '${what}'`
      : `no layer matches '${what}'${budget === what ? '' : ` in the networks of '${budget}'`}`;
  return {
    severity: level,
    rule: 'missed-budget',
    model: undefined,
    about: `${kind} ${what}`,
    title: `missed: ${nothing}, so this ${kind === 'model' ? 'budget' : 'limit'} checks nothing`,
    causes: [],
    advice: [
      ...(place ? [`the budget: ${placeText(place)}`] : []),
      `to accept: correct the name, or remove it`,
    ],
    place,
  };
}

function unknownOps({ key, unknown, cost }: ModelCheck): Finding {
  const layers = unknown.reduce((sum, { count }) => sum + count, 0);
  const ops = unknown.map(({ op }) => op);
  return {
    severity: 'incomplete',
    rule: 'unknown-op',
    model: key,
    about: 'unknown ops',
    title: `incomplete: ${plural(layers, 'layer')} unknown, so that ${formatExact(cost.totals.macs)} macs are a lower bound`,
    causes: unknown.map(({ op, count, reason }) => `  ${op} x${count}: ${reason}`),
    advice: [
      `to accept: allowUnknown: [${ops.join(', ')}] in its budget, or --allow-unknown ${ops.join(',')}`,
    ],
    place: undefined,
  };
}

/** `2 of 5 models are over budget`, in the words that every reporter begins with. */
export function summaryText({ result, verdict }: CheckReport): string {
  const { models, missed } = result;
  const failed = countModels(result, 'error');
  const warned = countModels(result, 'warn');
  const incomplete = models.filter(({ unknown }) => unknown.length > 0).length;
  const parts = [
    failed > 0 && `${failed} of ${plural(models.length, 'model')} over budget`,
    missed.length > 0 &&
      `${plural(missed.length, 'budget')} ${missed.length === 1 ? 'matches' : 'match'} nothing`,
    incomplete > 0 && `${incomplete} of ${plural(models.length, 'model')} incomplete`,
    warned > 0 && `${plural(warned, 'model')} with warnings`,
  ].filter(Boolean);
  const word = { passed: 'passed', failed: 'FAILED', incomplete: 'INCOMPLETE' }[verdict];
  return `check ${word}: ${parts.length > 0 ? parts.join(', ') : `${plural(models.length, 'model')} within budget`}`;
}

const countModels = ({ models }: CheckResult, level: 'error' | 'warn'): number =>
  models.filter(({ assertions }) =>
    assertions.some(assertion => !assertion.passed && assertion.level === level),
  ).length;

/** What the baseline knew and what it did not, and other remarks. */
export function remarksOf({ result, update }: CheckReport): readonly string[] {
  const { baseline, added, removed, models, notes } = result;
  const accepted = models.filter(({ isAccepted, diff }) => isAccepted && diff && result.isCommit);
  return [
    ...(baseline === undefined ? [] : [`compared with ${baseline}`]),
    ...added.map(key => `new: ${key} (not in the baseline)`),
    ...removed.map(key => `removed: ${key} (only in the baseline)`),
    ...accepted.map(({ key }) => `accepted: ${key} has the committed numbers`),
    ...(update ? [`wrote ${update.path}: ${plural(update.models, 'model')}`] : []),
    ...(update?.heldBack ?? []).map(key => `not updated: ${key} went up, and --only-down was asked for`),
    ...models.flatMap(({ key, cost }) => cost.network.notes.map(note => `note: ${key}: ${note}`)),
    ...notes.map(note => `note: ${note}`),
  ];
}
