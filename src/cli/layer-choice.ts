import { ConvcostError } from '../errors.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs } from '../model/separable-pair.js';
import { type LayerChoice, standardConvs } from '../rewrite/choice.js';
import type { Plan } from '../rewrite/parse.js';
import { namePatterns } from './name-pattern.js';

/** `--layers` among the convolutions that the separable rewrite takes apart. */
export const chooseConvs = (network: Network, patterns: string | undefined): LayerChoice =>
  choose(
    patterns,
    standardConvs(network, { layers: () => true }).map(({ name }) => name),
  );

/**
 * `--layers` among all that plans can change: counted layers, and pairs by their common name.
 *
 * @throws ConvcostError `rewrite-of-whole` where a plan leaves no choice
 */
export function chooseLayers(
  network: Network,
  patterns: string | undefined,
  plans: readonly Plan[],
): LayerChoice {
  const whole = plans.find(({ ofWhole }) => ofWhole);
  if (patterns !== undefined && whole) throw new ConvcostError('rewrite-of-whole', { name: whole.name });
  const counted = network.layers.filter(({ kind }) => kind === 'conv' || kind === 'matmul');
  const pairs = findSeparablePairs(network).map(({ name }) => name);
  return choose(patterns, [...counted.map(({ name }) => name), ...pairs]);
}

/** Each pattern must match something. */
function choose(patterns: string | undefined, known: readonly string[]): LayerChoice {
  if (patterns === undefined) return {};
  const all = namePatterns(patterns);
  for (const { text, matches } of all) {
    if (known.some(matches)) continue;
    throw new ConvcostError('no-such-layer', { word: text, known });
  }
  return { layers: name => all.some(({ matches }) => matches(name)) };
}
