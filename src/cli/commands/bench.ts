import { Option } from 'commander';
import { countNetwork } from '../../cost/count.js';
import { engines } from '../../engines/index.js';
import { algorithms } from '../../engines/wasm/algorithms.js';
import type { Network } from '../../model/network.js';
import type { BenchReport } from '../../report/report.js';
import { separable } from '../../rewrite/separable.js';
import { standard } from '../../rewrite/standard.js';
import type { ReadArray } from '../../tensor/load.js';
import { parseNpy } from '../../tensor/npy.js';
import { benchVariants, type Variant } from '../../timing/bench.js';
import { joinProfile, withCosts } from '../bench/costs.js';
import { type EngineChoice, type EngineWords, engineChoices } from '../bench/engine-choices.js';
import { openWhole } from '../bench/whole-model.js';
import {
  type CommonOptions,
  type Context,
  type DefineCommand,
  emit,
  loadOne,
  sourceCommand,
  wholeOption,
} from '../command.js';
import { exitCodes } from '../exit-code.js';
import { readFile } from '../load.js';

interface BenchOptions extends CommonOptions, EngineWords {
  readonly rewrite?: 'standard' | 'separable';
  readonly rounds: string;
  readonly minSample: string;
}

export const benchCommand: DefineCommand = context =>
  sourceCommand(
    'bench',
    'which is really faster here: engines, algorithms, standard against separable, share of the machine',
  )
    .option('--engine <names>', `joined by commas: ${Object.keys(engines).join(', ')}`, 'wasm')
    .option('--algorithm <names>', `of wasm, joined by commas: ${Object.keys(algorithms).join(', ')}`, 'auto')
    .option('--threads <counts>', 'of wasm, joined by commas', '1')
    .addOption(
      new Option(
        '--rewrite <name>',
        'beside the network, its standard or separable form; and pairs fused',
      ).choices(['standard', 'separable']),
    )
    .option('--rounds <n>', 'samples of each', '11')
    .option('--min-sample <ms>', 'milliseconds that a sample takes at least', '5')
    .action(async (args: string[], options: BenchOptions) => {
      const network = await loadOne(args, context, options, 'bench');
      const report = await benchReport(network, context, options);
      await emit(report, context, options);
      if (report.interrupted) context.exit(exitCodes.interrupted);
    });

async function benchReport(
  network: Network,
  { host, progress }: Context,
  options: BenchOptions,
): Promise<BenchReport> {
  const choices = engineChoices(options);
  const readArray: ReadArray = async path => parseNpy(await readFile(path, host), path);
  // ONNX Runtime runs a whole network in one session, and tells the time of each node itself.
  const isAsked = choices.some(({ name }) => name === 'onnxruntime') && options.rewrite === undefined;
  const whole = isAsked ? await openWhole(network, host, readArray) : undefined;
  const variants = await makeVariants(
    network,
    options,
    choices.filter(({ name }) => !whole || name !== 'onnxruntime'),
    readArray,
  );
  const rounds = wholeOption('--rounds', options.rounds, 1);
  const interrupt = host.listenForInterrupt();
  const bar = progress('timing');
  try {
    const { measureMachineLimits } = await import('../../timing/machine-limits.js');
    const limits = measureMachineLimits(() => host.now());
    const times = await benchVariants(variants, {
      now: () => host.now(),
      rounds,
      minSampleMs: wholeOption('--min-sample', options.minSample, 1),
      maxWarmupMs: 2000,
      breathe: () => host.breathe(),
      stopped: interrupt.isHeard,
      onSample: bar.update,
      rivals: whole ? [whole.model] : [],
    });
    const profile =
      whole && !interrupt.isHeard()
        ? joinProfile(
            whole.model.name,
            await whole.model.profile({
              now: host.now,
              leastRuns: rounds,
              leastMs: 400,
              stopped: interrupt.isHeard,
            }),
            countNetwork(network),
          )
        : undefined;
    const notes = [
      ...network.notes,
      ...new Set(variants.flatMap(({ engine }) => engine.notes)),
      ...(whole?.notes ?? []),
    ];
    return {
      kind: 'bench',
      source: network.name,
      notes,
      limits,
      interrupted: interrupt.isHeard(),
      ...withCosts(times, variants, network, profile),
      ...(profile && { profile }),
    };
  } finally {
    bar.done();
    interrupt.stop();
    for (const engine of new Set(variants.map(each => each.engine))) await engine.close();
    await whole?.model.close();
  }
}

/** Every engine that was asked for, times every form of the network. */
async function makeVariants(
  network: Network,
  options: BenchOptions,
  choices: readonly EngineChoice[],
  readArray: ReadArray,
): Promise<readonly Variant[]> {
  const forms = formsOf(network, options.rewrite);
  const variants: Variant[] = [];
  for (const { label, create } of choices) {
    const engine = await create();
    for (const form of forms) {
      const name = [form.label, label].filter(Boolean).join(', ') || engine.name;
      variants.push({
        name,
        network: form.network,
        engine,
        execution: { fuse: form.fuse, data: network.data, readArray },
      });
    }
  }
  return variants;
}

/** The first is what the others are held against: the standard convolutions, where there are some. */
function formsOf(
  network: Network,
  rewrite: BenchOptions['rewrite'],
): readonly { label: string; network: Network; fuse: boolean }[] {
  if (rewrite === undefined) return [{ label: '', network, fuse: false }];
  const [dense, split] =
    rewrite === 'standard' ? [standard(network), network] : [network, separable(network)];
  return [
    { label: 'standard', network: dense, fuse: false },
    { label: 'separable', network: split, fuse: false },
    { label: 'separable fused', network: split, fuse: true },
  ];
}
