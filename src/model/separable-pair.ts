import { type ConvGeometry, convFlavor } from './conv.js';
import { type ConvLayer, type Layer, runsInPlace } from './layer.js';
import { type Network, onlyReaders } from './network.js';

/** A depthwise convolution and the pointwise one that it feeds, with the activations in between. */
export interface SeparablePair {
  /** What the two have in common, `sep1` of `sep1.dw` and `sep1.pw`; where that names no pair alone, the second. */
  readonly name: string;
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
  const pairs = network.layers.flatMap(layer => {
    if (!isDepthwise(layer)) return [];
    const between: Layer[] = [];
    let next = onlyReader(layer);
    while (next && runsInPlace(next) && next.inputs.length === 1) {
      between.push(next);
      next = onlyReader(next);
    }
    return next && isMixing(next) ? [{ depthwise: layer, between, pointwise: next }] : [];
  });
  const taken = new Set(network.layers.map(({ name }) => name));
  const common = pairs.map(({ depthwise, pointwise }) => commonName(depthwise.name, pointwise.name));
  return pairs.map((pair, index) => {
    const name = common[index]!;
    const isItsOwn = name !== '' && !taken.has(name) && common.indexOf(name) === common.lastIndexOf(name);
    return { ...pair, name: isItsOwn ? name : pair.pointwise.name };
  });
}

/** The first parts of two names of as many parts; parts are divided by dots or slashes. */
function commonName(a: string, b: string): string {
  const [partsA, partsB] = [a.split(/(?=[./])/), b.split(/(?=[./])/)];
  if (partsA.length !== partsB.length) return '';
  const end = partsA.findIndex((part, i) => part !== partsB[i]);
  return partsB.slice(0, Math.max(end, 0)).join('');
}

/** Of one channel, each convolution is in one group, so its flavor is standard: what it is called or does tells. */
const isDepthwise = (layer: Layer): layer is ConvLayer =>
  layer.kind === 'conv' &&
  (convFlavor(layer.geometry) === 'depthwise' ||
    (convFlavor(layer.geometry) === 'standard' &&
      layer.geometry.inChannels === 1 &&
      (layer.op === 'dw' || layer.geometry.outChannels === 1)));

/** A pointwise convolution that does nothing but mix channels: stride 1, no padding. */
const isMixing = (layer: Layer): layer is ConvLayer =>
  layer.kind === 'conv' && convFlavor(layer.geometry) === 'pointwise' && keepsSizes(layer.geometry);

const keepsSizes = ({ axes }: ConvGeometry): boolean =>
  axes.every(({ stride, padBegin, padEnd }) => stride === 1 && padBegin === 0 && padEnd === 0);
