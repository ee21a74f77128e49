import { escapeControls } from '../escape.js';
import type { CheckReport } from '../report.js';
import { type Finding, findingsOf } from './findings.js';

/** GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const renderGitlab = (report: CheckReport, inRepository: (path: string) => string): string =>
  `${JSON.stringify(
    findingsOf(report).map(finding => issueOf(finding, inRepository)),
    null,
    2,
  )}\n`;

const severities = { error: 'major', warn: 'minor', incomplete: 'critical' } as const;

function issueOf(
  { severity, rule, model, about, title, place }: Finding,
  inRepository: (path: string) => string,
) {
  const isFile = place?.kind === 'file';
  return {
    description: escapeControls(model === undefined ? title : `${model}: ${title}`),
    check_name: `convcost/${rule}`,
    fingerprint: fingerprint([rule, model ?? '', about].join('\n')),
    severity: severities[severity],
    // GitLab drops an issue without a place.
    location: {
      path: escapeControls(isFile ? inRepository(place.file) : (model ?? 'convcost')),
      lines: { begin: isFile ? place.line : 1 },
    },
  };
}

/** The same issue has the same fingerprint while its numbers move: FNV-1a, 64 bits (Fowler, Noll, Vo). */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
