import type { Report } from './report.js';
import type { TerminalOptions } from './table.js';

/** Turns a report into text. */
export interface Reporter {
  readonly says: string;
  render(report: Report, options: TerminalOptions): Promise<string>;
}

/** Output formats by name; each is loaded when it is asked for. `--format` and its help follow. */
export const reporters = {
  table: {
    says: 'for people',
    render: async (report, options) => {
      const [{ renderTerminal }, { documentOf }] = await Promise.all([
        import('./table.js'),
        import('./document-of.js'),
      ]);
      return renderTerminal(documentOf(report), options);
    },
  },
  json: {
    says: 'for scripts: everything, numbers raw',
    render: async report => (await import('./json.js')).renderJson(report),
  },
} as const satisfies Record<string, Reporter>;

export type FormatName = keyof typeof reporters;
