import { exactSum } from '../model/exact.js';
import type { ConvLayer, Layer } from '../model/layer.js';
import { convMacs, matmulMacs } from '../model/macs.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs } from '../model/separable-pair.js';
import { type LayerChoice, standardConvs } from '../rewrite/choice.js';
import { splitConv } from '../rewrite/separable.js';
import { joinPair } from '../rewrite/standard.js';
import { type AlgorithmCost, type AlgorithmName, algorithmCosts, algorithmNames } from './algorithms.js';
import { countNetwork, type NetworkCost } from './count.js';

/** A layer by every algorithm that applies; where it could be separable, or is, against that. */
export interface AlgorithmComparison {
  readonly name: string;
  /** Of a pair, the standard convolution that it replaces. */
  readonly layer: Layer;
  readonly found: 'standard' | 'separable' | 'other';
  readonly algorithms: readonly AlgorithmCost[];
  /** Multiplies of depthwise + pointwise; absent where that is no choice. */
  readonly separable?: number;
  /** What multiplies least. */
  readonly fewest: AlgorithmName | 'separable';
  /** Separable over the least of the standard convolution's algorithms. */
  readonly ratio?: number;
}

export interface AlgorithmsComparison {
  readonly cost: NetworkCost;
  readonly layers: readonly AlgorithmComparison[];
  /** The whole network by one algorithm, and directly where that does not apply. */
  readonly totals: Readonly<Record<AlgorithmName | 'separable', number>>;
}

/** Does separable still win against a fast standard convolution? Multiplies, exactly; transforms apart. */
export function compareAlgorithms(network: Network, choice: LayerChoice = {}): AlgorithmsComparison {
  const pairs = findSeparablePairs(network);
  const replaced = new Map(pairs.map(pair => [pair.depthwise as Layer, pair]));
  const absorbed = new Set(pairs.map(pair => pair.pointwise as Layer));
  const splittable = new Set(standardConvs(network, choice));
  const layers = network.layers.flatMap((layer): AlgorithmComparison[] => {
    const pair = replaced.get(layer);
    if (pair) {
      const { depthwise, pointwise } = pair;
      return [compared(joinPair(network, pair).layer, 'separable', macsOf(depthwise) + macsOf(pointwise))];
    }
    if (absorbed.has(layer)) return [];
    if (layer.kind === 'matmul') return [direct(layer, matmulMacs(layer.products))];
    if (layer.kind !== 'conv') return [];
    if (!splittable.has(layer)) return [compared(layer, 'other')];
    const parts = splitConv(network, layer);
    return [
      compared(
        layer,
        'standard',
        exactSum(
          'multiplies',
          parts.map(part => macsOf(part.layer)),
        ),
      ),
    ];
  });
  return { cost: countNetwork(network), layers, totals: totalsOf(layers) };
}

const macsOf = ({ geometry }: ConvLayer): number => convMacs(geometry);

function compared(
  layer: ConvLayer,
  found: AlgorithmComparison['found'],
  separable?: number,
): AlgorithmComparison {
  const algorithms = algorithmCosts(layer);
  const best = algorithms.reduce((a, b) => (b.multiplies < a.multiplies ? b : a));
  return {
    name: layer.name,
    layer,
    found,
    algorithms,
    fewest: separable !== undefined && separable < best.multiplies ? 'separable' : best.algorithm,
    ...(separable !== undefined && { separable, ratio: separable / best.multiplies }),
  };
}

const direct = (layer: Layer, multiplies: number): AlgorithmComparison => ({
  name: layer.name,
  layer,
  found: 'other',
  algorithms: [{ algorithm: 'direct', multiplies, bufferBytes: 0 }],
  fewest: 'direct',
});

export const costBy = (
  { algorithms }: Pick<AlgorithmComparison, 'algorithms'>,
  name: AlgorithmName,
): AlgorithmCost | undefined => algorithms.find(({ algorithm }) => algorithm === name);

function totalsOf(layers: readonly AlgorithmComparison[]): AlgorithmsComparison['totals'] {
  const dense = (layer: AlgorithmComparison) => costBy(layer, 'direct')!.multiplies;
  const sum = (of: (layer: AlgorithmComparison) => number) => exactSum('total', layers.map(of));
  return Object.fromEntries([
    ...algorithmNames.map(name => [name, sum(layer => costBy(layer, name)?.multiplies ?? dense(layer))]),
    ['separable', sum(layer => layer.separable ?? dense(layer))],
  ]) as AlgorithmsComparison['totals'];
}
