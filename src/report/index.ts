import { renderCsv } from './csv.js';
import { documentOf } from './document-of.js';
import { renderJson } from './json.js';
import { renderMarkdown } from './markdown.js';
import { renderNdjson } from './ndjson.js';
import type { Report } from './report.js';
import type { TerminalOptions } from './table.js';

/** Turns a report into text. */
export interface Reporter {
  readonly says: string;
  /** Set where it writes no report, but the network that one is about. */
  readonly writes?: 'network';
  render(report: Report, options: TerminalOptions): string | Promise<string>;
}

/** Output formats by name. `--format` and its help follow. */
export const reporters = {
  table: {
    says: 'for people',
    // Lazily: it brings cli-table3.
    render: async (report, options) =>
      (await import('./table.js')).renderTerminal(await documentOf(report, 'person'), options),
  },
  markdown: {
    says: 'for issues, pull requests and pages',
    render: async report => renderMarkdown(await documentOf(report, 'person')),
  },
  json: { says: 'for scripts: everything, numbers raw', render: renderJson },
  ndjson: { says: 'a line of JSON for each layer, then the totals', render: renderNdjson },
  csv: {
    says: 'for spreadsheets: a row for each layer, numbers raw',
    render: async report => renderCsv(await documentOf(report, 'program')),
  },
  spec: {
    says: 'the network as a spec file, which reads back to the same counts',
    writes: 'network',
    render: async report => (await import('./spec.js')).renderSpec(report),
  },
} as const satisfies Record<string, Reporter>;

export type FormatName = keyof typeof reporters;
