import { type Assertion, excessOf } from '../../budget/assertion.js';
import { metricUnit } from '../../budget/metric.js';
import { markdownCode, markdownCodeCell } from '../escape.js';
import { formatBytes, formatCount, formatPercent, plural } from '../format.js';
import type { CheckReport } from '../report.js';
import { type Finding, findingsOf, remarksOf, summaryText } from './findings.js';
import { limitName } from './words.js';

/** By this line a bot finds its own comment again, to change it in place of writing another. */
const commentMarker = '<!-- convcost check -->';

/** GitHub refuses comments over 65,536 characters. */
const mostBytes = 60_000;

/** A pull-request comment and job summary: what is wrong first, the worst on top. */
export function renderCheckMarkdown(report: CheckReport): string {
  const head = [commentMarker, `### ${summaryText(report)}`, ''];
  const findings = findingsOf(report).map(findingLines);
  const rows = rowsOf(report);
  const remarks = remarksOf(report).map(remark => `- ${markdownCode(remark)}`);
  const sections = [
    ...findings.map(lines => [...lines, '']),
    ...(rows.length > 0 ? [[...tableHead, ...rows.slice(0, 1)], ...rows.slice(1).map(row => [row])] : []),
    ...(remarks.length > 0 ? [['', remarks[0]!], ...remarks.slice(1).map(remark => [remark])] : []),
  ];
  return `${withinLimit(head, sections).join('\n')}\n`;
}

/** As many sections as fit, and how many do not. */
function withinLimit(head: readonly string[], sections: readonly (readonly string[])[]): readonly string[] {
  const size = (lines: readonly string[]) => new TextEncoder().encode(lines.join('\n')).length + 1;
  const lines = [...head];
  let used = size(head);
  for (const [index, section] of sections.entries()) {
    used += size(section);
    if (used > mostBytes) {
      return [...lines, '', `... and ${plural(sections.length - index, 'more line')} that do not fit here.`];
    }
    lines.push(...section);
  }
  return lines;
}

const icons: Readonly<Record<Finding['severity'], string>> = {
  error: ':x:',
  warn: ':warning:',
  incomplete: ':grey_question:',
};

function findingLines({ severity, model, title, causes, advice }: Finding): readonly string[] {
  const name = model === undefined ? '' : `${markdownCode(model)}: `;
  const items = [...causes, ...advice].map(
    line => `${line.startsWith('  ') ? '  ' : ''}- ${markdownCode(line.trim())}`,
  );
  return [`${icons[severity]} ${name}${markdownCode(title)}`, '', ...items];
}

const tableHead = [
  '| | model | limit of | is | limit | of limit |',
  '| --- | --- | --- | ---: | ---: | ---: |',
];

/** Limits that were passed stand on top, each group from the fullest to the emptiest. */
const rowsOf = ({ result }: CheckReport): readonly string[] =>
  result.models
    .flatMap(({ key, assertions }) => assertions.map(assertion => ({ key, assertion })))
    .toSorted(
      (a, b) =>
        Number(a.assertion.passed) - Number(b.assertion.passed) ||
        byExcess(excessOf(b.assertion), excessOf(a.assertion)),
    )
    .map(({ key, assertion }) => rowOf(key, assertion));

const byExcess = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function rowOf(key: string, assertion: Assertion): string {
  const { metric, actual, most, passed, level } = assertion;
  const amount = metricUnit(metric) === 'bytes' ? formatBytes : formatCount;
  const excess = excessOf(assertion);
  const cells = [
    passed ? ':white_check_mark:' : icons[level],
    markdownCodeCell(key),
    markdownCodeCell(limitName(assertion)),
    amount(actual),
    amount(most),
    Number.isFinite(excess) ? formatPercent(1 + excess) : '',
  ];
  return `| ${cells.join(' | ')} |`;
}
