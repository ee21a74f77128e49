import { type Command, Option } from 'commander';
import type { Engine } from '../engines/engine.js';
import { defaultEngine, type EngineName, engines } from '../engines/index.js';
import { type Algorithm, algorithms } from '../engines/wasm/algorithms.js';
import { ConvcostError } from '../errors.js';
import { wholeOption } from './command.js';

export interface EngineOptions {
  readonly engine?: EngineName;
  readonly algorithm: Algorithm;
  readonly threads: string;
}

export const withEngineOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--engine <name>',
        Object.entries(engines)
          .map(([name, { says }]) => `${name} (${says})`)
          .join(', '),
      )
        .choices(Object.keys(engines))
        .default(defaultEngine),
    )
    .addOption(
      new Option('--algorithm <name>', 'how the wasm engine computes 3x3 convolutions')
        .choices(Object.keys(algorithms))
        .default('auto'),
    )
    .option('--threads <n>', "number of threads of the wasm engine, or 'auto'", '1');

/** @throws ConvcostError `option-needs` where only engines run that have no such choice */
export function refuseWasmOptions({
  algorithm = 'auto',
  threads = '1',
}: Partial<Record<string, string>>): void {
  for (const [option, isChosen] of [
    ['--algorithm', algorithm !== 'auto'],
    ['--threads', threads !== '1'],
  ] as const) {
    if (isChosen) throw new ConvcostError('option-needs', { option, needs: '--engine wasm' });
  }
}

export function createEngine({ engine = defaultEngine, algorithm, threads }: EngineOptions): Promise<Engine> {
  if (engine !== 'wasm') refuseWasmOptions({ algorithm, threads });
  const count = threads === 'auto' ? 'auto' : wholeOption('--threads', threads, 1);
  return engines[engine].create({ algorithm, threads: count });
}
