import { type CostTotals, countNetwork } from '../../cost/count.js';
import { ConvcostError } from '../../errors.js';
import { plural } from '../../report/format.js';
import { defaultConfigFile } from '../check/config-places.js';
import { type Found, writeConfig } from '../check/write-config.js';
import { type Context, type DefineCommand, sourceCommand, sourcesOf, writeOutput } from '../command.js';
import { type LoadOptions, loadNetwork } from '../load.js';
import { type Source, sourceName } from '../sources.js';

interface InitOptions extends LoadOptions {
  readonly output?: string;
  readonly force?: boolean;
}

export const initCommand: DefineCommand = context =>
  sourceCommand(
    'init',
    `writes ${defaultConfigFile}: budgets for the models found here, with today's figures`,
  )
    .option('-o, --output <file>', `the config to write (default: "${defaultConfigFile}")`)
    .option('--force', 'overwrite an existing config')
    .action(async (args: string[], options: InitOptions) => {
      const { host } = context;
      const path = options.output ?? defaultConfigFile;
      if (!options.force && (await host.exists(path))) throw new ConvcostError('config-exists', { path });
      const found = args.length > 0 ? await namedModels(args, options, context) : await modelsHere(context);
      if (!found.some(({ totals }) => totals)) throw new ConvcostError('nothing-to-init', {});
      await writeOutput(host, path, writeConfig(found));
      host.stdout.write(
        `wrote ${path}: ${plural(found.filter(({ totals }) => totals).length, 'model')}, with 5 % of headroom\n` +
          `next: convcost check, and convcost check --update to record a baseline\n`,
      );
    });

async function namedModels(
  args: readonly string[],
  options: InitOptions,
  context: Context,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const source of await sourcesOf(args, context)) {
    found.push({
      name: sourceName(source),
      totals: countNetwork(await loadNetwork(source, context.host, options)).totals,
      input: options.input?.[0],
    });
  }
  return found;
}

const modelFile = /\.(onnx|tflite|keras|h5)$/i;
const specFile = /\.(ya?ml|json)$/i;
/** Longer than any spec written by hand: not worth parsing to see that it is none. */
const longestSpec = 200_000;

/** Model files, and texts that are spec files. */
async function modelsHere({ host }: Context): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const path of await host.findFiles('')) {
    if (modelFile.test(path)) found.push(await tryModel({ kind: 'file', path }));
    else if (specFile.test(path) && (await looksLikeSpec(path))) {
      const model = await tryModel({ kind: 'file', path });
      if (model.totals) found.push(model);
    }
  }
  return found;

  async function looksLikeSpec(path: string): Promise<boolean> {
    const bytes = await host.readBytes(path);
    return bytes.length <= longestSpec && /^\s*"?layers"?\s*:/m.test(new TextDecoder().decode(bytes));
  }

  async function tryModel(source: Source & { kind: 'file' }): Promise<Found> {
    try {
      const totals: CostTotals = countNetwork(await loadNetwork(source, host, {})).totals;
      return { name: source.path, totals };
    } catch (error) {
      if (!(error instanceof ConvcostError)) throw error;
      return { name: source.path, totals: undefined, problem: error.message };
    }
  }
}
