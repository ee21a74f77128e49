import { nameInErrors } from '../errors.js';
import { type ConvFlavor, convFlavor, convFlavors } from '../model/conv.js';
import { bytesOf } from '../model/dtype.js';
import { exactSum } from '../model/exact.js';
import type { Layer, LayerKind } from '../model/layer.js';
import { convMacs, matmulMacs } from '../model/macs.js';
import type { Network, Param } from '../model/network.js';
import { elementCount } from '../model/shape.js';
import { convBiasAdds, convMacsInBounds } from './conv.js';
import { matmulBiasAdds } from './matmul.js';
import { activationBytes, peakActivations, trafficBytes } from './memory.js';

/** The flavors that cost multiplies, in the order in which tables show them. */
export const countedFlavors = [...convFlavors, 'matmul'] as const;
export type CountedFlavor = ConvFlavor | 'matmul';
/** Standard, grouped, depthwise, pointwise, transposed, matmul; free by convention, unknown, or several layers as one row. */
export type Flavor = CountedFlavor | 'free' | 'unknown' | 'folded';

/** What one layer costs for the whole batch, in exact whole numbers; docs/counting.md has the formulas. */
export interface LayerCost {
  readonly layer: Layer;
  readonly flavor: Flavor;
  /** Multiply-accumulates of the dense algorithm, taps on padding included; 0 for free and unknown layers. */
  readonly macs: number;
  /** Those of them whose tap falls on a real input. */
  readonly macsInBounds: number;
  /** Learnable values that this layer is the first to use: the layers' params sum to the network's. */
  readonly params: number;
  /** Additions of a bias, one for each output value that has one; never part of macs. */
  readonly biasAdds: number;
  /** Bytes of the layer's inputs and outputs; of the outputs alone where it runs in place. */
  readonly activationBytes: number;
  /** Bytes of inputs, stored values and outputs, once each. */
  readonly trafficBytes: number;
  /** Arithmetic intensity, macs over trafficBytes; 0 without traffic. */
  readonly macsPerByte: number;
}

/** What a network costs. `layers` has one entry for each layer of `network.layers`, in the same order. */
export interface NetworkCost {
  readonly network: Network;
  readonly layers: readonly LayerCost[];
  /** A lower bound where `coverage` says so. */
  readonly totals: CostTotals;
  readonly coverage: Coverage;
}

/** The whole network, for the whole batch: sums over its layers where nothing else is said. */
export interface CostTotals {
  /** Multiply-accumulates of the dense algorithm; FLOPs would be twice as many. */
  readonly macs: number;
  readonly macsInBounds: number;
  /** Learnable values, each stored tensor once, however many layers share it. */
  readonly params: number;
  readonly biasAdds: number;
  /** macs by kind of layer; they sum to `macs`. */
  readonly byFlavor: Readonly<Record<CountedFlavor, number>>;
  /** Bytes, summed over the layers: more than are ever alive together. */
  readonly activationBytes: number;
  /** Bytes of the tensors alive together at the worst moment (`peakActivations`). */
  readonly peakActivationBytes: number;
  /** Bytes of every stored value, buffers included. */
  readonly paramBytes: number;
  readonly trafficBytes: number;
}

/** Whether the totals are complete, or a lower bound because something was not understood. */
export interface Coverage {
  readonly kind: 'complete' | 'lower-bound';
  /** Numbers of layers. */
  readonly counted: number;
  readonly free: number;
  readonly unknown: readonly UnknownOp[];
}

/** An op that is not counted: how many layers are of it, and why. */
export interface UnknownOp {
  readonly op: string;
  readonly count: number;
  readonly reason: string;
}

/** macs, macs in bounds and bias adds of each kind of layer: the whole of what is counted. */
const counters: {
  readonly [Kind in LayerKind]: (
    layer: Extract<Layer, { kind: Kind }>,
  ) => Pick<LayerCost, 'flavor' | 'macs' | 'macsInBounds' | 'biasAdds'>;
} = {
  conv: ({ geometry, bias }) => ({
    flavor: convFlavor(geometry),
    macs: convMacs(geometry),
    macsInBounds: convMacsInBounds(geometry),
    biasAdds: bias ? convBiasAdds(geometry) : 0,
  }),
  matmul: ({ products, bias }) => {
    const macs = matmulMacs(products);
    return { flavor: 'matmul', macs, macsInBounds: macs, biasAdds: bias ? matmulBiasAdds(products) : 0 };
  },
  free: () => ({ flavor: 'free', macs: 0, macsInBounds: 0, biasAdds: 0 }),
  unknown: () => ({ flavor: 'unknown', macs: 0, macsInBounds: 0, biasAdds: 0 }),
};

/**
 * Counts a network, layer by layer and in total. Pure and exact.
 *
 * @throws ConvcostError `too-large` where a count passes 2^53 - 1
 */
export function countNetwork(network: Network): NetworkCost {
  const seen = new Set<string>();
  const layers = network.layers.map(layer => countLayer(layer, network, seen));
  return { network, layers, totals: sumTotals(network, layers), coverage: coverageOf(network.layers) };
}

function countLayer(layer: Layer, { params }: Network, seen: Set<string>): LayerCost {
  return nameInErrors(layer.name, () => {
    const count = counters[layer.kind] as (layer: Layer) => ReturnType<(typeof counters)[LayerKind]>;
    // In one piece: of large networks there are very many, and objects that are spread take several times as long.
    const { flavor, macs, macsInBounds, biasAdds } = count(layer);
    const stored: Param[] = [];
    const fresh: Param[] = [];
    for (const name of layer.params) {
      const param = params.get(name);
      if (param === undefined) continue;
      stored.push(param);
      if (!seen.has(param.name)) fresh.push(param);
    }
    for (const { name } of fresh) seen.add(name);
    const traffic = trafficBytes(layer, paramBytes(stored));
    return {
      layer,
      flavor,
      macs,
      macsInBounds,
      biasAdds,
      params: learnedCount(fresh),
      activationBytes: activationBytes(layer),
      trafficBytes: traffic,
      macsPerByte: traffic === 0 ? 0 : macs / traffic,
    };
  });
}

function sumTotals(network: Network, layers: readonly LayerCost[]): CostTotals {
  const sum = (of: (cost: LayerCost) => number, among = layers) => exactSum('total', among.map(of));
  const byFlavor = Object.fromEntries(
    countedFlavors.map(flavor => [
      flavor,
      sum(
        cost => cost.macs,
        layers.filter(cost => cost.flavor === flavor),
      ),
    ]),
  ) as Record<CountedFlavor, number>;
  const params = [...network.params.values()];
  return {
    macs: sum(cost => cost.macs),
    macsInBounds: sum(cost => cost.macsInBounds),
    params: learnedCount(params),
    biasAdds: sum(cost => cost.biasAdds),
    byFlavor,
    activationBytes: sum(cost => cost.activationBytes),
    peakActivationBytes: peakActivations(network).bytes,
    paramBytes: paramBytes(params),
    trafficBytes: sum(cost => cost.trafficBytes),
  };
}

function coverageOf(layers: readonly Layer[]): Coverage {
  const unknown = new Map<string, UnknownOp>();
  for (const layer of layers) {
    if (layer.kind !== 'unknown') continue;
    const { op, reason } = layer;
    const key = `${op}\n${reason}`;
    unknown.set(key, { op, reason, count: (unknown.get(key)?.count ?? 0) + 1 });
  }
  return {
    kind: unknown.size === 0 ? 'complete' : 'lower-bound',
    counted: layers.filter(({ kind }) => kind === 'conv' || kind === 'matmul').length,
    free: layers.filter(({ kind }) => kind === 'free').length,
    unknown: [...unknown.values()],
  };
}

const learnedCount = (params: readonly Param[]): number =>
  exactSum(
    'params',
    params.filter(({ learned }) => learned).map(({ shape }) => elementCount(shape)),
  );

const paramBytes = (params: readonly Param[]): number =>
  exactSum(
    'param bytes',
    params.map(({ shape, dtype }) => bytesOf(elementCount(shape), dtype)),
  );
