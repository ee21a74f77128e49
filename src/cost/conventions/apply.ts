import { nameInErrors } from '../../errors.js';
import { connectionsOf } from '../../model/connections.js';
import { exactSum } from '../../model/exact.js';
import type { FreeLayer, Layer } from '../../model/layer.js';
import type { Network } from '../../model/network.js';
import { type CountedFlavor, type Coverage, countedFlavors, type NetworkCost } from '../count.js';
import {
  type Amounts,
  type Convention,
  type Rule,
  type Surroundings,
  type TermName,
  termTitles,
} from './convention.js';

/**
 * A network's cost as another tool counts it: macs of layers and totals are that tool's numbers, all else
 * stays.
 *
 * @param cost what `countNetwork` gives, in convcost's own convention
 * @throws ConvcostError `too-large` where a sum passes 2^53 - 1
 */
export function countBy(cost: NetworkCost, convention: Convention): NetworkCost {
  if (Object.keys(convention.rules).length === 0) return cost;
  const amounts = amountsOf(cost.network, convention);
  const layers = cost.layers.map((layer, index) => {
    const macs = layer.macs + exactSum('macs', Object.values(amounts[index]!));
    return { ...layer, macs, macsPerByte: layer.trafficBytes === 0 ? 0 : macs / layer.trafficBytes };
  });
  const sum = (flavor?: CountedFlavor) =>
    exactSum(
      'total',
      layers.filter(layer => flavor === undefined || layer.flavor === flavor).map(({ macs }) => macs),
    );
  const byFlavor = Object.fromEntries(countedFlavors.map(flavor => [flavor, sum(flavor)])) as Record<
    CountedFlavor,
    number
  >;
  return { ...cost, layers, totals: { ...cost.totals, macs: sum(), byFlavor } };
}

/** Why two numbers differ, in macs: `ours` plus the amounts of all terms is `total`. */
export interface ConventionExplanation {
  readonly convention: Convention;
  readonly network: Network;
  readonly ours: number;
  readonly terms: readonly ExplainedTerm[];
  readonly total: number;
  readonly coverage: Coverage;
}

/** One thing that the other tool counts otherwise. */
export interface ExplainedTerm {
  readonly term: TermName;
  readonly title: string;
  /** What the tool counts, in words. */
  readonly rule: string;
  /** What it adds to our macs; below 0 for what the tool leaves out. */
  readonly amount: number;
  /** How many layers it comes from. */
  readonly layers: number;
}

/**
 * Takes the difference between convcost's macs and another tool's apart, term by term.
 *
 * @param cost what `countNetwork` gives, in convcost's own convention
 * @throws ConvcostError `too-large` where a sum passes 2^53 - 1
 */
export function explainConvention(cost: NetworkCost, convention: Convention): ConventionExplanation {
  const amounts = amountsOf(cost.network, convention);
  const terms = Object.entries(convention.terms).flatMap(([name, rule]) => {
    const term = name as TermName;
    const found = amounts.flatMap(each => each[term] || []);
    const amount = exactSum(termTitles[term], found);
    return found.length === 0 ? [] : [{ term, title: termTitles[term], rule, amount, layers: found.length }];
  });
  return {
    convention,
    network: cost.network,
    ours: cost.totals.macs,
    terms,
    total: countBy(cost, convention).totals.macs,
    coverage: cost.coverage,
  };
}

/** What the tool counts beside our macs, layer by layer. */
function amountsOf(network: Network, { rules }: Convention): readonly Amounts[] {
  const around: Surroundings = { network, ...connectionsOf(network) };
  const apply = (layer: Layer): Amounts => {
    const rule = rules[ruleKey(layer)] as Rule<Layer> | undefined;
    return rule ? rule(layer, around) : {};
  };
  return network.layers.map(layer =>
    nameInErrors(layer.name, () => ({ ...apply(layer), ...activationAfter(layer).map(apply)[0] })),
  );
}

type RuleKey = keyof Convention['rules'];

function ruleKey(layer: Layer): RuleKey {
  switch (layer.kind) {
    case 'conv':
    case 'matmul':
      return layer.kind;
    case 'free':
      return layer.compute.type;
    case 'unknown':
      return 'other';
  }
}

/** An activation that a convolution or dense layer applies itself is a layer of its own to other tools. */
function activationAfter(layer: Layer): readonly FreeLayer[] {
  if (!('activation' in layer) || layer.activation.name === 'none') return [];
  const { name, outputs, activation } = layer;
  return [
    {
      kind: 'free',
      name,
      op: activation.name,
      inputs: outputs,
      outputs,
      params: [],
      compute: { type: 'activation', activation },
    },
  ];
}
