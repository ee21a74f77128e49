import { type FormatName, reporters } from '../index.js';
import type { CheckReport } from '../report.js';
import type { TerminalOptions } from '../table.js';
import { renderGithub } from './github.js';
import { renderGitlab } from './gitlab.js';
import { renderJunit } from './junit.js';
import { renderCheckMarkdown } from './markdown.js';

export interface CheckReporter {
  readonly says: string;
  render(report: CheckReport, options: CheckReporterOptions): string | Promise<string>;
}

export interface CheckReporterOptions extends TerminalOptions {
  /** A path from the working folder, as one from the root of the repository, which CI servers show. */
  readonly inRepository: (path: string) => string;
}

/** Forms that only a check has. */
const forCheck = {
  github: {
    says: 'annotations at the lines of the budgets',
    render: (report, { inRepository }) => renderGithub(report, inRepository),
  },
  markdown: { says: 'a pull-request comment', render: renderCheckMarkdown },
  junit: { says: 'XML for test reports', render: renderJunit },
  gitlab: {
    says: 'code quality JSON',
    render: (report, { inRepository }) => renderGitlab(report, inRepository),
  },
} as const satisfies Record<string, CheckReporter>;

/** Reporters of `check`, by name: every output format, and its own. */
export const checkReporters: Readonly<Record<CheckReporterName, CheckReporter>> = {
  ...reporters,
  ...forCheck,
};

export type CheckReporterName = FormatName | keyof typeof forCheck;
export const checkReporterNames = Object.keys(checkReporters) as readonly CheckReporterName[];
