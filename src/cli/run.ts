import { Command, CommanderError } from 'commander';
import { ConvcostError } from '../errors.js';
import { inertLines } from '../report/escape.js';
import type { Context, DefineCommand } from './command.js';
import { benchCommand } from './commands/bench.js';
import { checkCommand } from './commands/check.js';
import { compareCommand } from './commands/compare.js';
import { countCommand } from './commands/count.js';
import { diffCommand } from './commands/diff.js';
import { explainCommand } from './commands/explain.js';
import { initCommand } from './commands/init.js';
import { runCommand } from './commands/run.js';
import { zooCommand } from './commands/zoo.js';
import { describeError, errorJson } from './errors.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { Host } from './host.js';
import { createProgress } from './progress.js';
import { colorLevel, createStyle } from './style.js';
import { version } from './version.js';

/** Every command; `count` is what runs when none is named. */
const commands: readonly DefineCommand[] = [
  countCommand,
  compareCommand,
  explainCommand,
  runCommand,
  benchCommand,
  zooCommand,
  checkCommand,
  diffCommand,
  initCommand,
];

/**
 * The program: arguments in, exit code out. Results go to `host.stdout`, everything else to `host.stderr`.
 *
 * @param args what follows the program's name
 */
export async function run(args: readonly string[], host: Host): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  const color = { refused: args.includes('--no-color'), env: host.env };
  const style = createStyle(colorLevel({ ...color, isTerminal: host.stdout.isTerminal }));
  const errorStyle = createStyle(colorLevel({ ...color, isTerminal: host.stderr.isTerminal }));
  const program = createProgram({
    host,
    style,
    commands: () => program.commands.map(command => command.name()),
    progress: what => createProgress(host.stderr, () => host.now(), what),
    exit: newCode => {
      code = newCode;
    },
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.fine;
    const known = plainUsage(error);
    const text = wantsJson(args)
      ? errorJson(known)
      : describeError(known, errorStyle, args.includes('--debug'));
    host.stderr.write(inertLines(text));
    return exitCodes.usage;
  }
}

function createProgram(context: Context): Command {
  const { host } = context;
  const program = new Command('convcost')
    .description(
      'Counts, compares and runs convolutions: exact multiplies of standard against depthwise separable.',
    )
    .version(version)
    .option('--no-color', 'no colours')
    .option('--debug', 'show where an error came from')
    .showHelpAfterError(false)
    .addHelpText('after', examples);
  commands.forEach((define, index) => {
    program.addCommand(define(context), { isDefault: index === 0 });
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: text => host.stdout.write(text),
      // Errors are written once, by run().
      writeErr: () => {},
      getOutHelpWidth: () => host.stdout.width ?? 100,
    });
  }
  return program;
}

const examples = `
Examples:
  convcost @224x224x3 conv3x3 32 s2 sep3x3 64        count multiplies of layers typed as tokens
  convcost compare @224x224x3 conv3x3 256            standard against depthwise + pointwise
  convcost explain conv3x3 3-256                     the derivation, with the numbers put in
  convcost run examples/separable/spec.yaml          execute the kernels, show outputs and timing

Exit codes: 0 fine, 1 a check failed, 2 usage or parse error, 3 incomplete (--strict), 130 interrupted.`;

/** commander's own words, without its prefix, as an error of ours. */
const plainUsage = (error: unknown): unknown =>
  error instanceof CommanderError
    ? new ConvcostError('usage', { reason: error.message.replace(/^error: /, '') })
    : error;

function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, i) =>
      /^(--format|-f)=?(nd)?json$/.test(arg) ||
      ((arg === '--format' || arg === '-f') && /^(nd)?json$/.test(args[i + 1] ?? '')),
  );
}
