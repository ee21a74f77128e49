import type { FormatName } from '../index.js';
import { reporters } from '../index.js';
import type { CheckReport } from '../report.js';
import type { TerminalOptions } from '../table.js';

export interface CheckReporter {
  readonly says: string;
  render(report: CheckReport, options: CheckReporterOptions): Promise<string>;
}

export interface CheckReporterOptions extends TerminalOptions {
  /** A path from the working folder, as one from the root of the repository, which CI servers show. */
  readonly inRepository: (path: string) => string;
}

/** Forms that only a check has; each is loaded when it is asked for. */
const forCheck = {
  github: {
    says: 'annotations at the lines of the budgets',
    render: async (report, { inRepository }) =>
      (await import('./github.js')).renderGithub(report, inRepository),
  },
  markdown: {
    says: 'a pull-request comment',
    render: async report => (await import('./markdown.js')).renderCheckMarkdown(report),
  },
  junit: {
    says: 'XML for test reports',
    render: async report => (await import('./junit.js')).renderJunit(report),
  },
  gitlab: {
    says: 'code quality JSON',
    render: async (report, { inRepository }) =>
      (await import('./gitlab.js')).renderGitlab(report, inRepository),
  },
} as const satisfies Record<string, CheckReporter>;

/** Reporters of `check`, by name: every output format, and its own. */
export const checkReporters: Readonly<Record<CheckReporterName, CheckReporter>> = {
  ...reporters,
  ...forCheck,
};

export type CheckReporterName = FormatName | keyof typeof forCheck;
export const checkReporterNames = Object.keys(checkReporters) as readonly CheckReporterName[];
