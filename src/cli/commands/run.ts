import { Option } from 'commander';
import { compareSeparable } from '../../cost/compare.js';
import type { EngineName } from '../../engines/index.js';
import { runsWhole } from '../../engines/isolate.js';
import { inOwnOrder } from '../../engines/run-network.js';
import { ConvcostError } from '../../errors.js';
import type { Network } from '../../model/network.js';
import type { LayerRun, RunReport } from '../../report/report.js';
import { formatNpy, parseNpy } from '../../tensor/npy.js';
import {
  type CommonOptions,
  type Context,
  collect,
  type DefineCommand,
  emit,
  loadOne,
  reportCommand,
  wholeOption,
  writeOutput,
} from '../command.js';
import { withData } from '../data-option.js';
import { createEngine, type EngineOptions, withEngineOptions } from '../engine-options.js';
import { readFile } from '../load.js';
import { type RewriteOptions, rewrittenBy, withRewriteOptions } from '../rewrite-option.js';
import { runLayers } from '../run/layers.js';
import { valueNotes } from '../run/notes.js';
import { mappedLayers, writeMaps } from '../run/pictures.js';

interface RunOptions extends CommonOptions, EngineOptions, RewriteOptions {
  readonly engine: EngineName;
  readonly data?: readonly string[];
  readonly save?: string;
  readonly dumpLayer?: string;
  readonly maps?: string;
  readonly show?: boolean;
  readonly verify?: boolean;
  readonly fuse?: boolean;
  readonly warmup: string;
  readonly runs?: string;
  readonly values: 'some' | 'all';
}

export const runCommand: DefineCommand = context =>
  withRewriteOptions(
    withEngineOptions(
      reportCommand(
        'run',
        'execute the kernels on sample input: outputs, timing, agreement with the reference',
      ),
    ),
  )
    .option(
      '--data <values>',
      'input values: a PNG or JPEG picture, a .npy file, ramp, ones, zeros or random:SEED; NAME=VALUES for one of several inputs',
      collect,
    )
    .option('--fuse', 'run each depthwise + pointwise pair as one kernel')
    .option('--verify', 'compare every output with the reference engine, however long that takes')
    .option('--dump-layer <name>', 'the layer whose output is shown whole and written by --save')
    .option('--save <file>', "write the last layer's output as a .npy file")
    .option('--maps <file>', 'write the feature maps of every convolution as a PNG picture')
    .option('--show', 'draw feature maps in the terminal')
    .option('--warmup <n>', 'untimed runs of each layer before the timed ones', '1')
    .option('--runs <n>', 'timed runs of each layer (default: up to 10 within 300 ms)')
    .addOption(
      new Option('--values <which>', 'how many values of each output the report holds')
        .choices(['some', 'all'])
        .default('some'),
    )
    .action(async (args: string[], options: RunOptions) => {
      checkFiles(options);
      const network = await withData(
        rewrittenBy(await loadOne(args, context, options, 'run'), options),
        options.data ?? [],
        context.host,
      );
      const report = await runReport(network, context, options);
      if (options.save !== undefined) await save(options.save, report, network, options, context);
      if (options.maps !== undefined) await writeMaps(options.maps, report.layers, context.host);
      await emit(report, context, options);
    });

async function runReport(
  network: Network,
  { host, progress }: Context,
  options: RunOptions,
): Promise<RunReport> {
  const engine = await createEngine(options);
  try {
    const bar = progress('running');
    const layers = await runLayers(network, engine, {
      clock: clockOf(options, host.now),
      fuse: options.fuse === true,
      verify: options.verify,
      readArray: async path => parseNpy(await readFile(path, host), path),
      onLayer: bar.update,
    });
    bar.done();
    if (options.dumpLayer !== undefined) requireLayer(options.dumpLayer, layers);
    const inParts = runsWhole(network)
      ? []
      : ['convolutions and dense layers one by one, on inputs of their own'];
    const fused =
      options.fuse === true &&
      !layers.some(run => run.layers.filter(({ kind }) => kind === 'conv').length > 1)
        ? ['--fuse: no depthwise layer is followed by its pointwise layer here']
        : [];
    return {
      kind: 'run',
      source: network.name,
      engine: engine.name,
      notes: [...engine.notes, ...network.notes, ...inParts, ...fused, ...valueNotes(network)],
      layers,
      comparisons: compareSeparable(network).layers,
      showValues: options.values,
      shownWhole: options.dumpLayer,
      maps: options.show === true ? mappedLayers(layers) : [],
    };
  } finally {
    await engine.close();
  }
}

const clockOf = ({ warmup, runs }: RunOptions, now: () => number) => ({
  now,
  warmup: wholeOption('--warmup', warmup, 0),
  ...(runs === undefined ? { runs: 10, budgetMs: 300 } : { runs: wholeOption('--runs', runs, 1) }),
});

const extensions = { save: '.npy', maps: '.png' } as const;

/** @throws ConvcostError `bad-option`, before anything runs */
function checkFiles(options: RunOptions): void {
  for (const [option, extension] of Object.entries(extensions)) {
    const value = options[option as keyof typeof extensions];
    if (value === undefined || value.endsWith(extension)) continue;
    throw new ConvcostError('bad-option', {
      option: `--${option}`,
      value,
      expected: `the name of a ${extension} file`,
    });
  }
}

function requireLayer(name: string, layers: readonly LayerRun[]): LayerRun {
  const found = layers.find(layer => layer.name === name);
  if (found) return found;
  const known = layers.map(layer => layer.name);
  throw new ConvcostError('no-such-output', { word: name, known });
}

/** The last tensor or the dumped layer's, in the network's own axis order. */
async function save(
  path: string,
  { layers }: RunReport,
  network: Network,
  { dumpLayer }: RunOptions,
  { host }: Context,
): Promise<void> {
  const run = dumpLayer === undefined ? layers.at(-1) : requireLayer(dumpLayer, layers);
  if (!run) return;
  const { values, shape } = inOwnOrder(run.output.values, run.layers.at(-1)!.outputs[0]!, network);
  await writeOutput(host, path, formatNpy(values, shape));
}
