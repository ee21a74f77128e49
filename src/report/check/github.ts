import { escapeCommandData, escapeCommandProperty, escapeControls, inertLines } from '../escape.js';
import type { CheckReport } from '../report.js';
import { type Finding, findingsOf } from './findings.js';

/** GitHub shows ten annotations of a kind and step, and drops the rest without a word. */
const mostAnnotations = 10;

/** Workflow commands that mark the budget's own line in the pull request, the worst first. */
export const renderGithub = (report: CheckReport, inRepository: (path: string) => string): string =>
  findingsOf(report)
    .slice(0, mostAnnotations)
    .map(finding => annotation(finding, inRepository))
    .join('');

const commands = { error: 'error', warn: 'warning', incomplete: 'error' } as const satisfies Record<
  Finding['severity'],
  string
>;

function annotation(finding: Finding, inRepository: (path: string) => string): string {
  const { severity, model, title, causes, advice, place } = finding;
  const at =
    place?.kind === 'file'
      ? `file=${escapeCommandProperty(escapeControls(inRepository(place.file)))},line=${place.line},col=${place.column},`
      : '';
  const heading = `title=${escapeCommandProperty(`convcost: ${finding.rule}`)}`;
  const first = model === undefined ? title : `${model}: ${title}`;
  // Controls first: only the line ends between our own lines are line ends.
  const message = [first, ...causes, ...advice].map(line => inertLines(escapeControls(line))).join('\n');
  return `::${commands[severity]} ${at}${heading}::${escapeCommandData(message)}\n`;
}
