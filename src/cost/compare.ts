import type { ConvGeometry } from '../model/conv.js';
import { exactProduct } from '../model/exact.js';
import type { ConvLayer } from '../model/layer.js';
import { convMacs } from '../model/macs.js';
import type { Network } from '../model/network.js';
import { findSeparablePairs } from '../model/separable-pair.js';
import { type LayerChoice, standardConvs } from '../rewrite/choice.js';
import { separable, splitConv } from '../rewrite/separable.js';
import { joinPair, standard } from '../rewrite/standard.js';
import { convParams } from './conv.js';
import { countNetwork, type NetworkCost } from './count.js';

/** Multiply-accumulates of the whole batch, and learnable values. */
export interface Amount {
  readonly macs: number;
  readonly params: number;
}

/** One convolution both ways: as the standard convolution, and as depthwise + pointwise. */
export interface LayerComparison {
  readonly name: string;
  /** Which of the two stands in the network. */
  readonly found: 'standard' | 'separable';
  /** The standard convolution's geometry, whichever was found. */
  readonly geometry: ConvGeometry;
  readonly multiplier: number;
  readonly standard: Amount;
  readonly depthwise: Amount;
  readonly pointwise: Amount;
  readonly separable: Amount;
  /** Separable over standard, in macs. */
  readonly ratio: number;
  /** M * (1/K + 1/prod(k)): what the ratio must be (Howard et al. 2017, section 3.1). */
  readonly law: number;
}

/** A network both ways: as it is, as standard convolutions throughout, and as separable ones throughout. */
export interface NetworkComparison {
  /** The network as it is. */
  readonly cost: NetworkCost;
  /** Every convolution that can be either, in the order of the network. */
  readonly layers: readonly LayerComparison[];
  /** The whole network with every pair as a standard convolution, and with every convolution separable. */
  readonly standard: NetworkCost;
  readonly separable: NetworkCost;
  /** Separable over standard, in macs of the whole networks; NaN where neither has any. */
  readonly ratio: number;
}

/**
 * Pairs every standard convolution with its separable form and every separable pair with its standard form
 * (Howard et al. 2017, arXiv 1704.04861).
 *
 * @param options which standard convolutions take part; absent: all but the first of several
 * @throws ConvcostError `too-large` where a count passes 2^53 - 1
 */
export function compareSeparable(network: Network, options: LayerChoice = {}): NetworkComparison {
  const fromPairs = findSeparablePairs(network).map(pair => ({
    at: pair.depthwise,
    comparison: compareLayers(
      pair.name,
      'separable',
      joinPair(network, pair).layer,
      pair.depthwise,
      pair.pointwise,
    ),
  }));
  const fromStandard = standardConvs(network, options).map(layer => {
    const [depthwise, pointwise] = splitConv(network, layer);
    return {
      at: layer,
      comparison: compareLayers(layer.name, 'standard', layer, depthwise.layer, pointwise.layer),
    };
  });
  const position = new Map(network.layers.map((layer, index) => [layer, index] as const));
  const layers = [...fromPairs, ...fromStandard]
    .sort((a, b) => position.get(a.at)! - position.get(b.at)!)
    .map(({ comparison }) => comparison);
  const asStandard = countNetwork(standard(network));
  const asSeparable = countNetwork(separable(network, options));
  return {
    cost: countNetwork(network),
    layers,
    standard: asStandard,
    separable: asSeparable,
    ratio: asSeparable.totals.macs / asStandard.totals.macs,
  };
}

export function compareLayers(
  name: string,
  found: LayerComparison['found'],
  whole: ConvLayer,
  depthwise: ConvLayer,
  pointwise: ConvLayer,
): LayerComparison {
  const { geometry } = whole;
  const taps = exactProduct(
    'taps',
    geometry.axes.map(axis => axis.kernel),
  );
  const multiplier = depthwise.geometry.outChannels / geometry.inChannels;
  const [first, second] = [amountOf(depthwise), amountOf(pointwise)];
  const both = { macs: first.macs + second.macs, params: first.params + second.params };
  const dense = amountOf(whole);
  return {
    name,
    found,
    geometry,
    multiplier,
    standard: dense,
    depthwise: first,
    pointwise: second,
    separable: both,
    ratio: both.macs / dense.macs,
    law: multiplier * (1 / geometry.outChannels + 1 / taps),
  };
}

const amountOf = ({ geometry, bias }: ConvLayer): Amount => ({
  macs: convMacs(geometry),
  params: convParams(geometry, bias),
});
