import { Chalk } from 'chalk';
import type { Style } from '../report/style.js';

/** The meanings of colours; nothing else in convcost knows chalk. */
export function createStyle(level: 0 | 1 | 2 | 3): Style {
  const chalk = new Chalk({ level });
  return {
    strong: text => chalk.bold(text),
    dim: text => chalk.dim(text),
    good: text => chalk.green(text),
    bad: text => chalk.red(text),
    warn: text => chalk.yellow(text),
    accent: text => chalk.cyan(text),
  };
}

interface ColorQuestion {
  /** `--no-color` was given. */
  readonly refused: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/** `--no-color` goes before NO_COLOR (no-color.org), that before FORCE_COLOR, that before what stdout is. */
export function colorLevel({ refused, env, isTerminal }: ColorQuestion): 0 | 1 {
  if (refused || env['NO_COLOR']) return 0;
  const forced = env['FORCE_COLOR'];
  if (forced) return forced === '0' || forced === 'false' ? 0 : 1;
  return isTerminal && env['TERM'] !== 'dumb' ? 1 : 0;
}
