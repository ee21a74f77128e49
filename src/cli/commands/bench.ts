import { Option } from 'commander';
import { countNetwork, type NetworkCost } from '../../cost/count.js';
import type { Engine } from '../../engines/engine.js';
import { type EngineName, engines } from '../../engines/index.js';
import { type Algorithm, algorithms } from '../../engines/wasm/algorithms.js';
import { ConvcostError } from '../../errors.js';
import type { Network } from '../../model/network.js';
import type { BenchReport, ModelProfile, TimedPart } from '../../report/report.js';
import { separable } from '../../rewrite/separable.js';
import { standard } from '../../rewrite/standard.js';
import { nearestWord } from '../../spec/suggest.js';
import { parseNpy } from '../../tensor/npy.js';
import { type BenchTimes, benchVariants, type Variant } from '../../timing/bench.js';
import type { Unit } from '../../timing/units.js';
import { isOnnxFile, joinProfile, openModelFile, profiledPart } from '../bench/whole-model.js';
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

interface BenchOptions extends CommonOptions {
  readonly engine: string;
  readonly algorithm: string;
  readonly threads: string;
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
  // ONNX Runtime runs a model file whole, and tells the time of each node itself.
  const runsWhole = isOnnxFile(network) && options.rewrite === undefined;
  const whole =
    runsWhole && choices.some(({ name }) => name === 'onnxruntime')
      ? await openModelFile(network, host)
      : undefined;
  const variants = await makeVariants(
    network,
    options,
    choices.filter(({ name }) => !whole || name !== 'onnxruntime'),
    async path => parseNpy(await readFile(path, host), path),
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
            await whole.model.profile(rounds, interrupt.isHeard),
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
  readArray: Variant['execution']['readArray'],
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

interface EngineChoice {
  readonly name: EngineName;
  /** What tells it from the others; nothing where there are none. */
  readonly label: string;
  create(): Promise<Engine>;
}

function engineChoices(options: BenchOptions): readonly EngineChoice[] {
  const names = chosen('--engine', options.engine, Object.keys(engines) as EngineName[]);
  const kinds = chosen('--algorithm', options.algorithm, Object.keys(algorithms) as Algorithm[]);
  const threads = options.threads.split(',').map(count => wholeOption('--threads', count, 1));
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

/** Times beside what was computed in them. */
function withCosts(
  { whole, rivals, units }: BenchTimes,
  variants: readonly Variant[],
  network: Network,
  profile: ModelProfile | undefined,
): Pick<BenchReport, 'whole' | 'units'> {
  const costs = new Map(
    [network, ...variants.map(each => each.network)].map(each => [each, countNetwork(each)]),
  );
  const { macs } = costs.get(network)!.totals;
  return {
    whole: [
      ...whole.map(({ variant, samples }) => ({
        name: variant.name,
        macs: costs.get(variant.network)!.totals.macs,
        times: samples.times,
      })),
      ...rivals.map(({ name, times }) => ({ name, macs, times })),
    ],
    units: units.map(({ times }) => ({
      name: times[0]!.unit.name,
      variants: [
        ...times.map(({ variant, unit, samples }) =>
          partOf(variant, unit, samples.times, costs.get(variant.network)!),
        ),
        ...(profile ? [profiledPart(profile, times[0]!.unit)] : []),
      ],
    })),
  };
}

function partOf(
  { name }: Variant,
  { layers, steps }: Unit,
  times: readonly number[],
  { layers: costs }: NetworkCost,
): TimedPart {
  const own = costs.filter(({ layer }) => layers.includes(layer));
  return {
    name,
    macs: own.reduce((sum, { macs }) => sum + macs, 0),
    bytes: own.filter(({ layer }) => layer.kind !== 'free').reduce((sum, cost) => sum + cost.trafficBytes, 0),
    kernels: steps.map(({ kernel }) => kernel),
    times,
  };
}
