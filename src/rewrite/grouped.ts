import type { Network } from '../model/network.js';
import { type LayerChoice, standardConvs } from './choice.js';
import { chainInPlaceOf, replaceLayers } from './replace.js';

/**
 * Grouped: each group of output channels sees one group of the input channels alone, for 1 / groups of the
 * multiplies. Convolutions whose channels do not divide stay.
 */
export const grouped = (network: Network, groups: number, choice: LayerChoice = {}): Network =>
  replaceLayers(
    network,
    new Map(
      standardConvs(network, choice)
        .filter(({ geometry: { inChannels, outChannels } }) =>
          [inChannels, outChannels].every(channels => channels % groups === 0),
        )
        .map(layer => {
          const { name, geometry } = layer;
          const conv = { name, op: 'conv', geometry: { ...geometry, groups } };
          return [layer, chainInPlaceOf(network, layer, [conv])] as const;
        }),
    ),
  );
