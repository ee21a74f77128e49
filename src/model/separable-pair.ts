import { type ConvGeometry, convFlavor } from './conv.js';
import { type ConvLayer, type Layer, runsInPlace } from './layer.js';
import { type Network, onlyReaders } from './network.js';

/** A depthwise convolution and the pointwise one that it feeds, with the activations in between. */
export interface SeparablePair {
  readonly depthwise: ConvLayer;
  /** Batch norm and activation layers between the two, in order. */
  readonly between: readonly Layer[];
  readonly pointwise: ConvLayer;
}

/**
 * The depthwise + pointwise pairs of a network: each layer of a pair is the only reader of the one before,
 * and only layers of one input that run in place stand between.
 */
export function findSeparablePairs(network: Network): readonly SeparablePair[] {
  const onlyReader = onlyReaders(network);
  return network.layers.flatMap(layer => {
    if (!isDepthwise(layer)) return [];
    const between: Layer[] = [];
    let next = onlyReader(layer);
    while (next && runsInPlace(next) && next.inputs.length === 1) {
      between.push(next);
      next = onlyReader(next);
    }
    return next && isMixing(next) ? [{ depthwise: layer, between, pointwise: next }] : [];
  });
}

/** A convolution of one channel to one is depthwise too, though its flavor is standard. */
const isDepthwise = (layer: Layer): layer is ConvLayer =>
  layer.kind === 'conv' &&
  (convFlavor(layer.geometry) === 'depthwise' ||
    (convFlavor(layer.geometry) === 'standard' &&
      layer.geometry.inChannels * layer.geometry.outChannels === 1));

/** A pointwise convolution that does nothing but mix channels: stride 1, no padding. */
const isMixing = (layer: Layer): layer is ConvLayer =>
  layer.kind === 'conv' && convFlavor(layer.geometry) === 'pointwise' && keepsSizes(layer.geometry);

const keepsSizes = ({ axes }: ConvGeometry): boolean =>
  axes.every(({ stride, padBegin, padEnd }) => stride === 1 && padBegin === 0 && padEnd === 0);
