import { type Connections, connectionsOf } from '../model/connections.js';
import { convFlavor } from '../model/conv.js';
import { type ConvLayer, type Layer, runsInPlace } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { type LayerChoice, standardConvs } from './choice.js';
import { pointwiseAt } from './geometry.js';
import { chainInPlaceOf, type NewLayer, replaceLayers } from './replace.js';

/**
 * Bottleneck: 1x1 to fewer channels, the kernel among those, 1x1 back (He et al., arXiv 1512.03385, figure
 * 5). A convolution that stands between two pointwise ones is in a bottleneck already, and stays.
 */
export function bottleneck(network: Network, reduction: number, choice: LayerChoice = {}): Network {
  const connections = connectionsOf(network);
  return replaceLayers(
    network,
    new Map(
      standardConvs(network, choice)
        .filter(layer => !isInBottleneck(layer, connections))
        .map(layer => [layer, reduceConv(network, layer, reduction)] as const),
    ),
  );
}

function reduceConv(network: Network, layer: ConvLayer, reduction: number): readonly NewLayer[] {
  const { name, geometry } = layer;
  const { inChannels, outChannels } = geometry;
  const few = atLeastOneRoundedUp(outChannels / reduction);
  return chainInPlaceOf(network, layer, [
    { name: `${name}.reduce`, op: 'pw', geometry: pointwiseAt('input', geometry, inChannels, few) },
    { name: `${name}.conv`, op: 'conv', geometry: { ...geometry, inChannels: few, outChannels: few } },
    { name: `${name}.expand`, op: 'pw', geometry: pointwiseAt('output', geometry, few, outChannels) },
  ]);
}

const atLeastOneRoundedUp = (channels: number): number => Math.max(1, Math.ceil(channels));

/** Whether a pointwise convolution feeds it and another reads it, with nothing but element-wise layers between. */
function isInBottleneck(layer: ConvLayer, { writerOf, readersOf }: Connections): boolean {
  const writer = ({ inputs }: Layer) => writerOf(inputs[0]?.name ?? '');
  const reader = ({ outputs }: Layer) => readersOf(outputs[0]?.name ?? '')[0];
  return [writer, reader].every(next => isPointwise(beyondInPlace(next(layer), next)));
}

function beyondInPlace(
  start: Layer | undefined,
  next: (layer: Layer) => Layer | undefined,
): Layer | undefined {
  let layer = start;
  while (layer && runsInPlace(layer) && layer.inputs.length === 1) layer = next(layer);
  return layer;
}

const isPointwise = (layer: Layer | undefined): boolean =>
  layer?.kind === 'conv' && convFlavor(layer.geometry) === 'pointwise';
