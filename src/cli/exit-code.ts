import type { Verdict } from '../budget/check.js';
import type { Coverage } from '../cost/count.js';

export const exitCodes = { fine: 0, failed: 1, usage: 2, incomplete: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A lower bound is an answer, unless the user is strict. */
export const exitCodeForCoverage = (coverages: readonly Coverage[], strict: boolean): ExitCode =>
  strict && coverages.some(({ kind }) => kind === 'lower-bound') ? exitCodes.incomplete : exitCodes.fine;

export const exitCodeForVerdict: Readonly<Record<Verdict, ExitCode>> = {
  passed: exitCodes.fine,
  failed: exitCodes.failed,
  incomplete: exitCodes.incomplete,
};
