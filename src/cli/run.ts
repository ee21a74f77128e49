import { Command, CommanderError } from 'commander';
import { ConvcostError } from '../errors.js';
import { inertLines } from '../report/escape.js';
import { wrap } from '../report/wrap.js';
import type { Context, DefineCommand } from './command.js';
import { countCommand } from './commands/count.js';
import { describeError, errorJson } from './errors.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { Host } from './host.js';
import { createProgress } from './progress.js';
import { colorLevel, createStyle } from './style.js';
import { version } from './version.js';

/** Every command by its name; all but the default one are loaded when they are named. */
const commands: Readonly<Record<string, () => DefineCommand | Promise<DefineCommand>>> = {
  count: () => countCommand,
  compare: async () => (await import('./commands/compare.js')).compareCommand,
  explain: async () => (await import('./commands/explain.js')).explainCommand,
  run: async () => (await import('./commands/run.js')).runCommand,
  bench: async () => (await import('./commands/bench.js')).benchCommand,
  zoo: async () => (await import('./commands/zoo.js')).zooCommand,
  check: async () => (await import('./commands/check.js')).checkCommand,
  diff: async () => (await import('./commands/diff.js')).diffCommand,
  init: async () => (await import('./commands/init.js')).initCommand,
};
const commandNames = Object.keys(commands);
/** What runs when none is named. */
const defaultCommand = 'count';

/** The commands that arguments may mean: those that are named, or all where help is asked for. */
function meantCommands(args: readonly string[]): readonly string[] {
  if (args.length === 0 || ['help', '--help', '-h'].some(word => args[0] === word)) return commandNames;
  return commandNames.filter(name => name === defaultCommand || args.includes(name));
}

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
  const context: Context = {
    host,
    style,
    commands: () => commandNames,
    progress: what => createProgress(host.stderr, () => host.now(), what),
    exit: newCode => {
      code = newCode;
    },
  };
  try {
    const program = await createProgram(context, meantCommands(args));
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.fine;
    const known = plainUsage(error, args);
    const text = wantsJson(args)
      ? errorJson(known)
      : describeError(known, errorStyle, { isDebug: args.includes('--debug'), width: host.stderr.width });
    host.stderr.write(inertLines(text));
    return exitCodes.usage;
  }
}

async function createProgram(context: Context, names: readonly string[]): Promise<Command> {
  const { host } = context;
  const program = new Command('convcost')
    .description(
      'Counts, compares and runs convolutions: exact multiplies of standard against depthwise separable.',
    )
    .version(version)
    .showHelpAfterError(false)
    .addHelpText('after', helpEnd(host.stdout.width ?? 100));
  for (const name of names) {
    const define = await commands[name]!();
    program.addCommand(define(context), { isDefault: name === defaultCommand });
  }
  for (const command of [program, ...program.commands]) {
    command
      .option('--no-color', 'no colours')
      .option('--debug', 'show the stack trace of an error')
      .exitOverride()
      .configureHelp({ minWidthToWrap: 8 })
      .configureOutput({
        writeOut: text => host.stdout.write(text),
        // Errors are written once, by run().
        writeErr: () => {},
        getOutHelpWidth: () => host.stdout.width ?? 100,
      });
  }
  return program;
}

const examples = [
  ['convcost @224x224x3 conv3x3 32 s2 sep3x3 64', 'count multiplies of layers typed as tokens'],
  ['convcost compare @224x224x3 conv3x3 256', 'standard against depthwise + pointwise'],
  ['convcost explain conv3x3 3-256', 'the derivation, with the numbers put in'],
  ['convcost run examples/separable/spec.yaml', 'execute the kernels, show outputs and timing'],
] as const;
const exitCodeText =
  'Exit codes: 0 fine, 1 check failed, 2 usage or parse error, 3 incomplete (--strict), 130 interrupted.';

/** Behind the commands: examples, side by side with what they do where that fits. */
function helpEnd(width: number): string {
  const column = Math.max(...examples.map(([command]) => command.length)) + 4;
  const fits = examples.every(([, says]) => column + says.length <= width);
  const lines = examples.map(([command, says]) =>
    fits ? `  ${command.padEnd(column - 2)}${says}` : `  ${command}\n      ${says}`,
  );
  return ['', 'Examples:', ...lines, '', wrap(exitCodeText, width)].join('\n');
}

/** commander's own words, without its prefix, as an error of ours. */
function plainUsage(error: unknown, args: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  // `help nosuch`: it says so by printing the help, to stderr.
  if (error.code === 'commander.help')
    return new ConvcostError('unknown-command', { word: args[1]!, known: commandNames });
  return new ConvcostError('usage', { reason: error.message.replace(/^error: /, '').replaceAll('\n', ' ') });
}

function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, i) =>
      /^(--format|-f)=?(nd)?json$/.test(arg) ||
      ((arg === '--format' || arg === '-f') && /^(nd)?json$/.test(args[i + 1] ?? '')),
  );
}
