import { compareSeparable, type LayerComparison } from '../../cost/compare.js';
import { ConvcostError } from '../../errors.js';
import type { Network } from '../../model/network.js';
import { standardConvs } from '../../rewrite/choice.js';
import { type CommonOptions, type DefineCommand, emit, reportCommand, sourcesOf } from '../command.js';
import { loadNetwork, loadPerPosition } from '../load.js';

interface ExplainOptions extends CommonOptions {
  readonly layer?: string;
}

export const explainCommand: DefineCommand = context =>
  reportCommand('explain', 'the derivation for one layer, formula by formula, with its numbers put in')
    .option('--layer <name>', 'which layer (default: the first standard convolution, else the first pair)')
    .action(async (args: string[], options: ExplainOptions) => {
      const sources = await sourcesOf(args, context);
      if (sources.length > 1)
        throw new ConvcostError('one-source', { command: 'explain', count: sources.length });
      const perPosition = await loadPerPosition(sources[0]!, options);
      const network = perPosition ?? (await loadNetwork(sources[0]!, context.host, options));
      const comparison = chooseLayer(network, options.layer);
      const layer = network.layers.find(({ name }) => name === comparison.name);
      const bias = layer?.kind === 'conv' && layer.bias;
      await emit(
        {
          kind: 'explanation',
          source: network.source,
          perPosition: perPosition !== undefined,
          bias,
          comparison,
        },
        context,
        options,
      );
    });

function chooseLayer(network: Network, name: string | undefined): LayerComparison {
  const all = standardConvs(network, { layers: () => true });
  const { layers } = compareSeparable(network, { layers: () => true });
  const [firstStandard] = all;
  const chosen = name ?? firstStandard?.name ?? layers[0]?.name;
  if (chosen === undefined) throw new ConvcostError('nothing-to-explain', {});
  const found = layers.find(layer => layer.name === chosen);
  if (found) return found;
  const known = layers.map(layer => layer.name);
  throw new ConvcostError('no-such-layer', { word: chosen, known });
}
