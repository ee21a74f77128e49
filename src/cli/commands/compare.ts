import { compareSeparable } from '../../cost/compare.js';
import { countNetwork } from '../../cost/count.js';
import { ConvcostError } from '../../errors.js';
import type { Network } from '../../model/network.js';
import { standardConvs } from '../../rewrite/separable.js';
import { nearestWord } from '../../spec/suggest.js';
import { type CommonOptions, type DefineCommand, emit, loadAll, sourceCommand } from '../command.js';

interface CompareOptions extends CommonOptions {
  readonly layers?: string;
}

export const compareCommand: DefineCommand = context =>
  sourceCommand('compare', 'one source: standard against depthwise + pointwise; several: side by side')
    .option(
      '--layers <names>',
      'which convolutions to take apart: names joined by commas, * for any characters',
    )
    .action(async (args: string[], options: CompareOptions) => {
      const networks = await loadAll(args, context, options);
      const [network, ...others] = networks;
      const convention = 'convcost';
      if (others.length > 0) {
        const { publishedOf } = await import('../../zoo/published.js');
        const costs = networks.map(countNetwork);
        const published = networks.map(({ source }) => publishedOf(source));
        await emit({ kind: 'side-by-side', convention, costs, published }, context, options);
        return;
      }
      const layers = options.layers === undefined ? undefined : layerMatcher(network!, options.layers);
      const comparison = compareSeparable(network!, { layers });
      await emit({ kind: 'comparison', convention, comparison }, context, options);
    });

/** Names joined by commas, `*` for any characters; each must match a convolution. */
function layerMatcher(network: Network, patterns: string): (name: string) => boolean {
  const known = standardConvs(network, { layers: () => true }).map(({ name }) => name);
  const matchers = patterns.split(',').map(pattern => {
    const source = pattern.split('*').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    const regex = new RegExp(`^${source.join('.*')}$`);
    if (!known.some(name => regex.test(name))) {
      throw new ConvcostError('no-such-layer', { pattern, known, suggestion: nearestWord(pattern, known) });
    }
    return regex;
  });
  return name => matchers.some(regex => regex.test(name));
}
