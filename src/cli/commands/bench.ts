import { Option } from 'commander';
import { countNetwork } from '../../cost/count.js';
import { engines } from '../../engines/index.js';
import { algorithms } from '../../engines/wasm/algorithms.js';
import type { Network } from '../../model/network.js';
import type { BenchReport, ModelProfile } from '../../report/report.js';
import { separable } from '../../rewrite/separable.js';
import { standard } from '../../rewrite/standard.js';
import type { ReadArray } from '../../tensor/load.js';
import { parseNpy } from '../../tensor/npy.js';
import { benchVariants, type Variant } from '../../timing/bench.js';
import { joinProfile, withCosts } from '../bench/costs.js';
import { type EngineChoice, type EngineWords, engineChoices } from '../bench/engine-choices.js';
import { type NetworkForm, openWholes } from '../bench/whole-model.js';
import {
  type CommonOptions,
  type Context,
  type DefineCommand,
  emit,
  joined,
  loadOne,
  reportCommand,
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
  reportCommand(
    'bench',
    'which is really faster here: engines, algorithms, standard against separable, share of the machine',
  )
    .option(
      '--engine <names>',
      `engines, joined by commas: ${Object.keys(engines).join(', ')} (default: "wasm")`,
      joined,
    )
    .option(
      '--algorithm <names>',
      `algorithms of the wasm engine, joined by commas: ${Object.keys(algorithms).join(', ')} (default: "auto")`,
      joined,
    )
    .option('--threads <counts>', 'thread counts of the wasm engine, joined by commas (default: "1")', joined)
    .addOption(
      new Option(
        '--rewrite <name>',
        'also time the standard or separable form of the network, and its pairs fused',
      ).choices(['standard', 'separable']),
    )
    .option('--rounds <n>', 'timed samples of each engine, algorithm and form', '11')
    .option('--min-sample <ms>', 'shortest time of one sample, in milliseconds', '5')
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
  const forms = formsOf(network, options.rewrite);
  const isAsked = choices.some(({ name }) => name === 'onnxruntime');
  const wholes = isAsked ? await openWholes(forms, network, host, readArray) : [];
  const variants = await makeVariants(
    forms,
    choices.filter(({ name }) => wholes.length === 0 || name !== 'onnxruntime'),
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
      rivals: wholes,
    });
    const profiles: ModelProfile[] = [];
    for (const whole of wholes) {
      if (interrupt.isHeard()) break;
      const nodes = await whole.profile({
        now: () => host.now(),
        leastRuns: rounds,
        leastMs: 400,
        stopped: interrupt.isHeard,
      });
      profiles.push(joinProfile(whole.name, nodes, countNetwork(whole.network)));
    }
    const notes = [
      ...network.notes,
      ...new Set([...variants.map(({ engine }) => engine), ...wholes].flatMap(each => each.notes)),
    ];
    return {
      kind: 'bench',
      source: network.name,
      notes,
      limits,
      interrupted: interrupt.isHeard(),
      ...withCosts(times, variants, wholes, profiles),
      profiles,
    };
  } finally {
    bar.done();
    interrupt.stop();
    for (const engine of new Set(variants.map(each => each.engine))) await engine.close();
    for (const whole of wholes) await whole.close();
  }
}

/** Every engine that was asked for, times every form of the network. */
async function makeVariants(
  forms: readonly NetworkForm[],
  choices: readonly EngineChoice[],
  readArray: ReadArray,
): Promise<readonly Variant[]> {
  const variants: Variant[] = [];
  for (const { label, create } of choices) {
    const engine = await create();
    for (const form of forms) {
      const name = [form.label, label].filter(Boolean).join(', ') || engine.name;
      variants.push({
        name,
        network: form.network,
        engine,
        execution: { fuse: form.fuse, data: form.network.data, readArray },
      });
    }
  }
  return variants;
}

/** The first is what the others are held against: the standard convolutions, where there are some. */
function formsOf(network: Network, rewrite: BenchOptions['rewrite']): readonly NetworkForm[] {
  if (rewrite === undefined) return [{ label: '', network, fuse: false }];
  const [dense, split] =
    rewrite === 'standard' ? [standard(network), network] : [network, separable(network)];
  return [
    { label: 'standard', network: dense, fuse: false },
    { label: 'separable', network: split, fuse: false },
    { label: 'separable fused', network: split, fuse: true },
  ];
}
