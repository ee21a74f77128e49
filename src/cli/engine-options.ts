import { type Command, Option } from 'commander';
import type { Engine } from '../engines/engine.js';
import { defaultEngine, type EngineName, engines } from '../engines/index.js';
import { type Algorithm, algorithms } from '../engines/wasm/algorithms.js';
import { wholeOption } from './command.js';

export interface EngineChoice {
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
      new Option('--algorithm <name>', 'how 3x3 convolutions are computed on wasm')
        .choices(algorithms)
        .default('auto'),
    )
    .option('--threads <n>', "worker threads of wasm, or 'auto'", '1');

/** An engine, and what is to be said of it. */
export async function createEngine(
  choice: EngineChoice,
): Promise<{ engine: Engine; notes: readonly string[] }> {
  const { engine: name = defaultEngine, algorithm } = choice;
  const threads = choice.threads === 'auto' ? 'auto' : wholeOption('--threads', choice.threads, 1);
  if (name === 'wasm' && !(await hasSimd())) {
    const engine = await engines.reference.create({});
    return { engine, notes: ['This runtime has no WebAssembly SIMD: the reference engine ran instead.'] };
  }
  return { engine: await engines[name].create({ algorithm, threads }), notes: [] };
}

const hasSimd = async (): Promise<boolean> =>
  (await import('../engines/wasm/features.js')).bestArithmetic() !== undefined;
