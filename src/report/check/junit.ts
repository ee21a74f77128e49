import type { Assertion } from '../../budget/assertion.js';
import { escapeXml } from '../escape.js';
import { formatExact } from '../format.js';
import type { CheckReport } from '../report.js';
import { type Finding, findingsOf } from './findings.js';
import { limitName } from './words.js';

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly finding: Finding | undefined;
}

/** JUnit's XML, as CI servers read it: a suite a network, a case a limit. */
export function renderJunit(report: CheckReport): string {
  const cases = casesOf(report);
  const suites = [...new Set(cases.map(({ suite }) => suite))].map(name => ({
    name,
    cases: cases.filter(({ suite }) => suite === name),
  }));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="convcost check"${counts(cases)}>`,
    ...suites.flatMap(({ name, cases: own }) => [
      `  <testsuite name="${escapeXml(name)}"${counts(own)}>`,
      ...own.map(caseXml),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

/** Limits in the order of the config, then what has no limit of its own. */
function casesOf(report: CheckReport): readonly TestCase[] {
  const findings = findingsOf(report);
  const of = (model: string, about: string) =>
    findings.find(finding => finding.model === model && finding.about === about);
  const limits = report.result.models.flatMap(({ key, assertions }) =>
    assertions.map(assertion => ({
      suite: key,
      name: caseName(assertion),
      finding: assertion.passed ? undefined : of(key, limitName(assertion)),
    })),
  );
  const others = findings
    .filter(({ rule }) => rule === 'missed-budget' || rule === 'unknown-op')
    .map(finding => ({ suite: finding.model ?? 'budgets', name: finding.about, finding }));
  return [...limits, ...others];
}

const caseName = (assertion: Assertion): string =>
  `${limitName(assertion)} within ${assertion.written} (${formatExact(assertion.most)})`;

const isFailure = ({ finding }: TestCase): boolean => finding !== undefined && finding.severity === 'error';
const isError = ({ finding }: TestCase): boolean => finding?.severity === 'incomplete';

const counts = (cases: readonly TestCase[]): string =>
  ` tests="${cases.length}" failures="${cases.filter(isFailure).length}" errors="${cases.filter(isError).length}" skipped="0"`;

/** A warning is told, but is no failure. */
const elements: Readonly<Record<Finding['severity'], string>> = {
  error: 'failure',
  incomplete: 'error',
  warn: 'system-out',
};

function caseXml({ suite, name, finding }: TestCase): string {
  const opening = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"`;
  if (!finding) return `${opening}/>`;
  const element = elements[finding.severity];
  const attributes =
    element === 'system-out'
      ? ''
      : ` message="${escapeXml(finding.title)}" type="${escapeXml(finding.rule)}"`;
  const body = [finding.title, ...finding.causes, ...finding.advice].map(escapeXml).join('\n');
  return `${opening}>\n      <${element}${attributes}>${body}</${element}>\n    </testcase>`;
}
