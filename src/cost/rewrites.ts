import type { Network } from '../model/network.js';
import type { LayerChoice } from '../rewrite/choice.js';
import type { Plan } from '../rewrite/parse.js';
import type { Amount } from './compare.js';
import { countNetwork, type LayerCost, type NetworkCost } from './count.js';

/** A network, and what becomes of it by each plan. */
export interface RewriteComparison {
  readonly original: NetworkCost;
  readonly rewritten: readonly RewrittenNetwork[];
  readonly layers: readonly RewrittenLayer[];
}

export interface RewrittenNetwork {
  /** The plan, as it was written. */
  readonly rewrite: string;
  readonly cost: NetworkCost;
  /** How many of its layers are not those of the original. */
  readonly newLayers: number;
}

/** A counted layer of the original, and what stands in its place by each plan: nothing where another layer took it in. */
export interface RewrittenLayer {
  readonly original: LayerCost;
  readonly rewritten: readonly (Amount | undefined)[];
}

/**
 * Tries plans on a network.
 *
 * @param count how a network is counted; another convention goes in here
 */
export function compareRewrites(
  network: Network,
  plans: readonly Plan[],
  choice: LayerChoice = {},
  count: (network: Network) => NetworkCost = countNetwork,
): RewriteComparison {
  const original = count(network);
  const known = new Set(network.layers);
  const rewritten = plans.map(plan => {
    const cost = count(plan.apply(network, plan.ofWhole ? {} : choice));
    return {
      rewrite: plan.name,
      cost,
      newLayers: cost.network.layers.filter(layer => !known.has(layer)).length,
    };
  });
  const counted = original.layers.filter(({ layer }) => layer.kind === 'conv' || layer.kind === 'matmul');
  const names = counted.map(({ layer }) => layer.name);
  const byPlan = rewritten.map(({ cost }) => amountsByOrigin(cost, names));
  return {
    original,
    rewritten,
    layers: counted.map(cost => ({
      original: cost,
      rewritten: byPlan.map(amounts => amounts.get(cost.layer.name)),
    })),
  };
}

/** Counted layers, summed by the original layer in whose place they stand. */
function amountsByOrigin({ layers }: NetworkCost, names: readonly string[]): ReadonlyMap<string, Amount> {
  const amounts = new Map<string, Amount>();
  for (const { layer, macs, params } of layers) {
    if (layer.kind === 'free') continue;
    const origin = originOf(layer.name, names);
    const before = amounts.get(origin) ?? { macs: 0, params: 0 };
    amounts.set(origin, { macs: before.macs + macs, params: before.params + params });
  }
  return amounts;
}

/** `conv1.dw` stands in the place of `conv1`, `sep1` in that of the last of `sep1.dw` and `sep1.pw`. */
function originOf(name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const wholes = names.filter(whole => name.startsWith(`${whole}.`));
  const longest = wholes.toSorted((a, b) => b.length - a.length)[0];
  return longest ?? names.findLast(part => part.startsWith(`${name}.`)) ?? name;
}
