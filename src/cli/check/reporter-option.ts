import { ConvcostError } from '../../errors.js';
import { type CheckReporterName, checkReporterNames, checkReporters } from '../../report/check/index.js';
import { inertLines } from '../../report/escape.js';
import type { CheckReport } from '../../report/report.js';
import { plainStyle } from '../../report/style.js';
import { type Context, writeOutput } from '../command.js';
import type { Host } from '../host.js';
import { join } from './paths.js';

/** One form of the report, and where it goes. */
export interface ReporterChoice {
  readonly name: CheckReporterName;
  /** Absent: stdout. */
  readonly file?: string | undefined;
}

/** `junit=report.xml`, `table`. @throws ConvcostError `bad-reporter` */
export function parseReporter(text: string): ReporterChoice {
  const [, word = '', file] = /^([^=]*)(?:=(.+))?$/s.exec(text) ?? [];
  const name = checkReporterNames.find(known => known === word);
  if (name) return { name, file };
  throw new ConvcostError('bad-reporter', { text, word, known: checkReporterNames });
}

/** The reporters that were asked for, else what `--format` and `--output` say; in a GitHub workflow, `github` joins by itself. */
export function chooseReporters(
  asked: readonly ReporterChoice[],
  own: ReporterChoice,
  env: Host['env'],
): readonly ReporterChoice[] {
  const chosen = asked.length > 0 ? asked : [own];
  const joins = env['GITHUB_ACTIONS'] === 'true' && !chosen.some(({ name }) => name === 'github');
  return joins ? [...chosen, { name: 'github' }] : chosen;
}

/** The way from the root of the repository to the working folder, where a CI server tells the root. */
function folderInRepository(env: Host['env']): string {
  const root = env['GITHUB_WORKSPACE'] ?? env['CI_PROJECT_DIR'];
  const here = env['PWD'];
  return root !== undefined && here?.startsWith(`${root}/`) ? `${here.slice(root.length + 1)}/` : '';
}

/** Reports that share stdout with nothing: annotations beside them go to stderr, which the runner reads too. */
const isRead = ({ name, file }: ReporterChoice): boolean =>
  file === undefined && name !== 'table' && name !== 'github';

/** Writes every report where it should go, and the job summary of a GitHub workflow. */
export async function writeReports(
  report: CheckReport,
  choices: readonly ReporterChoice[],
  { host, style }: Context,
): Promise<void> {
  const inRepository = (path: string) => join(folderInRepository(host.env), path);
  for (const { name, file } of choices) {
    const isOnTerminal = file === undefined;
    const text = await checkReporters[name].render(report, {
      style: isOnTerminal ? style : plainStyle,
      width: isOnTerminal ? host.stdout.width : undefined,
      inRepository,
    });
    if (file !== undefined) await writeOutput(host, file, text);
    else if (name === 'github') (choices.some(isRead) ? host.stderr : host.stdout).write(text);
    else host.stdout.write(inertLines(text));
  }
  const summary = host.env['GITHUB_STEP_SUMMARY'];
  if (summary && choices.some(({ name }) => name === 'github')) {
    const plain = { style: plainStyle, width: undefined, inRepository };
    await host.appendFile(summary, await checkReporters.markdown.render(report, plain));
  }
}
