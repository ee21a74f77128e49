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
      return renderTerminal(documentOf(report, 'person'), options);
    },
  },
  markdown: {
    says: 'for issues, pull requests and pages',
    render: async report => {
      const [{ renderMarkdown }, { documentOf }] = await Promise.all([
        import('./markdown.js'),
        import('./document-of.js'),
      ]);
      return renderMarkdown(documentOf(report, 'person'));
    },
  },
  json: {
    says: 'for scripts: everything, numbers raw',
    render: async report => (await import('./json.js')).renderJson(report),
  },
  ndjson: {
    says: 'a line of JSON for each layer, then the totals',
    render: async report => (await import('./ndjson.js')).renderNdjson(report),
  },
  csv: {
    says: 'for spreadsheets: a row for each layer, numbers raw',
    render: async report => {
      const [{ renderCsv }, { documentOf }] = await Promise.all([
        import('./csv.js'),
        import('./document-of.js'),
      ]);
      return renderCsv(documentOf(report, 'program'));
    },
  },
} as const satisfies Record<string, Reporter>;

export type FormatName = keyof typeof reporters;
