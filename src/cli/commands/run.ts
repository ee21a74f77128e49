import { Option } from 'commander';
import { compareSeparable } from '../../cost/compare.js';
import { countNetwork } from '../../cost/count.js';
import { compareArrays, referenceOutput } from '../../engines/agreement.js';
import { executeSteps, type ReadyStep } from '../../engines/execute.js';
import { type EngineName, engines } from '../../engines/index.js';
import { inOwnOrder } from '../../engines/run-network.js';
import { ConvcostError } from '../../errors.js';
import type { Network, ValueSource } from '../../model/network.js';
import type { Agreement, LayerRun } from '../../report/report.js';
import type { ReadArray } from '../../tensor/load.js';
import { formatNpy, parseNpy } from '../../tensor/npy.js';
import { measure } from '../../timing/measure.js';
import {
  type CommonOptions,
  type Context,
  collect,
  type DefineCommand,
  emit,
  loadOne,
  sourceCommand,
  wholeOption,
  writeOutput,
} from '../command.js';
import { withData } from '../data-option.js';
import { readFile } from '../load.js';

interface RunOptions extends CommonOptions {
  readonly engine: EngineName;
  readonly data?: readonly string[];
  readonly save?: string;
  readonly fuse?: boolean;
  readonly warmup: string;
  readonly runs?: string;
  readonly values: 'some' | 'all';
}

export const runCommand: DefineCommand = context =>
  sourceCommand('run', 'execute the kernels on sample input: outputs, timing, agreement with the reference')
    .addOption(engineOption())
    .option(
      '--data <values>',
      'input values: ramp, ones, zeros, random:SEED or a .npy file; NAME=VALUES where there are several inputs',
      collect,
    )
    .option('--save <file>', "write the last layer's output as a .npy file")
    .option('--fuse', 'run each depthwise + pointwise pair as one kernel')
    .option('--warmup <n>', 'runs of a layer before the clock counts', '1')
    .option('--runs <n>', 'runs of a layer that the clock counts (default: up to 10 within 300 ms)')
    .addOption(
      new Option('--values <which>', 'values of outputs in the report')
        .choices(['some', 'all'])
        .default('some'),
    )
    .action(async (args: string[], options: RunOptions) => {
      const network = withData(await loadOne(args, context, options, 'run'), options.data ?? []);
      if (options.save !== undefined) requireNpy(options.save);
      const layers = await runLayers(network, context, options);
      if (options.save !== undefined) await saveLast(options.save, layers, network, context);
      const { layers: comparisons } = compareSeparable(network);
      const { engine, values } = options;
      await emit(
        {
          kind: 'run',
          source: network.name,
          engine,
          notes: notesOf(network),
          layers,
          comparisons,
          showValues: values,
        },
        context,
        options,
      );
    });

function engineOption(): Option {
  const says = Object.entries(engines).map(([name, { says }]) => `${name} (${says})`);
  return new Option('--engine <name>', says.join(', ')).choices(Object.keys(engines)).default('reference');
}

/** @throws ConvcostError `bad-option`, before anything runs */
function requireNpy(path: string): void {
  if (path.endsWith('.npy')) return;
  throw new ConvcostError('bad-option', {
    option: '--save',
    value: path,
    expected: 'the name of a .npy file',
  });
}

/** The last tensor, in the network's own axis order. */
async function saveLast(
  path: string,
  runs: readonly LayerRun[],
  network: Network,
  { host }: Context,
): Promise<void> {
  const last = runs.at(-1);
  if (!last) return;
  const { values, shape } = inOwnOrder(last.output.values, last.layers.at(-1)!.outputs[0]!, network);
  await writeOutput(host, path, formatNpy(values, shape));
}

async function runLayers(
  network: Network,
  { host }: Context,
  options: RunOptions,
): Promise<readonly LayerRun[]> {
  const timing = {
    now: () => host.now(),
    warmup: wholeOption('--warmup', options.warmup, 0),
    ...(options.runs === undefined
      ? { runs: 10, budgetMs: 300 }
      : { runs: wholeOption('--runs', options.runs, 1) }),
  };
  const macsOf = new Map(countNetwork(network).layers.map(({ layer, macs }) => [layer, macs]));
  const readArray: ReadArray = async path => parseNpy(await readFile(path, host), path);
  const engine = await engines[options.engine].create();
  const runs: LayerRun[] = [];
  try {
    const execution = { fuse: options.fuse === true, data: network.data, readArray };
    for await (const ready of executeSteps(network, engine, execution)) {
      const { step, kernel, output } = ready;
      const timed = await measure(() => ready.run(), timing);
      runs.push({
        name: step.layers.map(({ name }) => name).join(' + '),
        layers: step.layers,
        kernel,
        macs: step.layers.reduce((sum, layer) => sum + macsOf.get(layer)!, 0),
        output: { shape: step.outputShape, values: output },
        timing: timed,
        multiplies: ready.prepared.multiplies?.(),
        agreement: await agreementOf(ready, network, readArray),
      });
    }
  } finally {
    await engine.close();
  }
  return runs;
}

/** How far a kernel is from the reference's layers; nothing to say of those layers themselves. */
async function agreementOf(
  ready: ReadyStep,
  network: Network,
  readArray: ReadArray,
): Promise<Agreement | undefined> {
  if (ready.kernel.startsWith('reference-') && ready.step.layers.length === 1) return undefined;
  const expected = await referenceOutput(ready, network, readArray);
  return { ...compareArrays(ready.output, expected), reference: 'reference, layer by layer' };
}

/** What was filled in where the source gave no values. */
function notesOf(network: Network): readonly string[] {
  const data = network.inputs.map(({ name, shape }) => {
    const source = network.data.get(name);
    return `${name} ${shape.join('x')}: ${source ? describe(source) : 'random values, seed 1'}`;
  });
  const weights = new Set(
    [...network.params.values()]
      .filter(({ shape }) => shape.length > 1)
      .map(({ values }) => describe(values)),
  );
  return [...network.notes, ...data, ...(weights.size > 0 ? [`weights: ${[...weights].join('; ')}`] : [])];
}

function describe(source: ValueSource): string {
  switch (source.type) {
    case 'fill':
      if (source.fill !== 'random') return source.fill;
      return `random values${source.fanIn === undefined ? '' : ' (He-normal)'}, seed ${source.seed}`;
    case 'values':
      return 'values as written';
    case 'file':
      return `values of ${source.path}`;
    case 'payload':
      return "the file's own";
    case 'absent':
      return 'not in the file: random values (He-normal), seed 1';
  }
}
