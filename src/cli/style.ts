import { Chalk } from 'chalk';
import { type Style, shade } from '../report/style.js';

/** The meanings of colours; nothing else in convcost knows chalk. */
export function createStyle(level: 0 | 1): Style {
  const chalk = new Chalk({ level: level === 0 ? 0 : 2 });
  return {
    strong: text => chalk.bold(text),
    dim: text => chalk.dim(text),
    good: text => chalk.green(text),
    bad: text => chalk.red(text),
    warn: text => chalk.yellow(text),
    accent: text => chalk.cyan(text),
    twoPixels: (top, bottom) =>
      level === 0 ? shade(top, bottom) : chalk.ansi256(grey(top)).bgAnsi256(grey(bottom))('▀'),
  };
}

/** The 24 greys of the 256 colours. */
const grey = (value: number): number => 232 + Math.min(Math.floor((value / 256) * 24), 23);

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
