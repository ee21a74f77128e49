import type { Layer } from '../model/layer.js';
import { toFeatureMap } from '../model/layout.js';
import type { Network } from '../model/network.js';
import { scaleRoundingDownToAtLeast8 } from '../spec/channel-rounding.js';
import type { LayerSpec } from '../spec/layer-spec.js';
import type { LayerChoice } from './choice.js';
import { rebuild, withoutValues } from './rebuild.js';

/**
 * The width multiplier of MobileNet (Howard et al., arXiv 1704.04861, section 3.3): the output channels of
 * every layer scaled, the image's own and the last layer's (the classes) apart.
 */
export const width = (
  network: Network,
  multiplier: number,
  { layers = () => true }: LayerChoice = {},
): Network =>
  rebuild(network, spec => {
    const last = lastCounted(network);
    const channels = new Map(network.inputs.map(input => [input.name, channelsOf(input, network)]));
    const scaled = network.layers.map((layer, index): LayerSpec => {
      const isScaled = !last.has(layer) && layers(layer.name);
      const { written, out } = scaleLayer(
        spec.layers[index]!,
        layer,
        network,
        channels,
        isScaled ? multiplier : 1,
      );
      channels.set(layer.outputs[0]!.name, out);
      return withoutValues(written);
    });
    return { ...spec, layers: scaled };
  });

/** A number of channels that the groups divide. */
const scaledChannels = (channels: number, multiplier: number, groups = 1): number =>
  Math.max(1, Math.floor(scaleRoundingDownToAtLeast8(channels, multiplier) / groups)) * groups;

interface ScaledLayer {
  readonly written: LayerSpec;
  /** Channels that come out, for the layers behind. */
  readonly out: number;
}

function scaleLayer(
  written: LayerSpec,
  layer: Layer,
  network: Network,
  channels: ReadonlyMap<string, number>,
  multiplier: number,
): ScaledLayer {
  const read = layer.inputs.map(({ name }) => channels.get(name)!);
  const before = layer.inputs.map(input => channelsOf(input, network));
  const after = channelsOf(layer.outputs[0]!, network);
  const [first] = read;
  if (written.out !== undefined) {
    const out = multiplier === 1 ? written.out : scaledChannels(written.out, multiplier, written.groups);
    return { written: { ...written, out }, out };
  }
  switch (written.op) {
    case 'concat':
      return { written, out: read.reduce((sum, each) => sum + each, 0) };
    case 'slice': {
      const [start, end] = [written.start!, written.end!].map(at => Math.round((at * first!) / before[0]!));
      return { written: { ...written, start: start!, end: end! }, out: end! - start! };
    }
    case 'matmul':
      return { written, out: read[1]! };
    default:
      // Depthwise, flattened, or as many as came in.
      return { written, out: (first! * after) / before[0]! };
  }
}

const channelsOf = ({ shape }: Network['inputs'][number], { layout }: Network): number =>
  toFeatureMap(shape, layout).channels;

/** The counted layers whose values reach the results through no other counted layer. */
function lastCounted({ layers, outputs }: Network): ReadonlySet<Layer> {
  const found = new Set<Layer>();
  const wanted = new Set(outputs);
  for (const layer of layers.toReversed()) {
    if (!layer.outputs.some(({ name }) => wanted.has(name))) continue;
    if (layer.kind === 'conv' || layer.kind === 'matmul') found.add(layer);
    else for (const { name } of layer.inputs) wanted.add(name);
  }
  return found;
}
