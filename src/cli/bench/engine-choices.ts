import type { Engine } from '../../engines/engine.js';
import { type EngineName, engines } from '../../engines/index.js';
import { type Algorithm, algorithms } from '../../engines/wasm/algorithms.js';
import { ConvcostError } from '../../errors.js';
import { nearestWord } from '../../suggest.js';
import { wholeOption } from '../command.js';
import { refuseWasmOptions } from '../engine-options.js';

/** An engine that was asked for, before it is made. */
export interface EngineChoice {
  readonly name: EngineName;
  /** What tells it from the others; nothing where there are none. */
  readonly label: string;
  create(): Promise<Engine>;
}

export interface EngineWords {
  readonly engine?: string;
  readonly algorithm?: string;
  readonly threads?: string;
}

/** Every engine of `--engine`; wasm once for every algorithm and number of threads. */
export function engineChoices({
  engine = 'wasm',
  algorithm: algorithmNames = 'auto',
  threads: counts = '1',
}: EngineWords): readonly EngineChoice[] {
  const names = chosen('--engine', engine, Object.keys(engines) as EngineName[]);
  if (!names.includes('wasm')) refuseWasmOptions({ algorithm: algorithmNames, threads: counts });
  const kinds = chosen('--algorithm', algorithmNames, Object.keys(algorithms) as Algorithm[]);
  const threads = counts.split(',').map(count => wholeOption('--threads', count, 1));
  return names.flatMap((name): readonly EngineChoice[] => {
    if (name !== 'wasm') return [{ name, label: name, create: () => engines[name].create() }];
    return kinds.flatMap(algorithm =>
      threads.map(count => ({
        name,
        label: [
          names.length > 1 && name,
          kinds.length > 1 && algorithm,
          threads.length > 1 && `${count} thread${count === 1 ? '' : 's'}`,
        ]
          .filter(Boolean)
          .join(' '),
        create: () => engines.wasm.create({ algorithm, threads: count }),
      })),
    );
  });
}

/** Names joined by commas, each one of a list. */
function chosen<Name extends string>(option: string, text: string, known: readonly Name[]): readonly Name[] {
  return text.split(',').map(word => {
    const found = known.find(name => name === word);
    if (found) return found;
    const suggestion = nearestWord(word, known);
    throw new ConvcostError('bad-option', {
      option,
      value: word,
      expected: `one of ${known.join(', ')}${suggestion ? ` (did you mean '${suggestion}'?)` : ''}`,
    });
  });
}
