import { makeActivation } from '../model/activation.js';
import type { ConvLayer, TensorInfo } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { sameShape } from '../model/shape.js';
import { type LayerChoice, standardConvs } from './choice.js';
import { pointwiseAt } from './geometry.js';
import { chainInPlaceOf, type NewLayer, replaceLayers } from './replace.js';

/**
 * Inverted residual: expanded t times, depthwise, projected; the input is added where shapes allow (Sandler
 * et al., arXiv 1801.04381, section 3.3).
 */
export const invertedResidual = (network: Network, expansion: number, choice: LayerChoice = {}): Network =>
  replaceLayers(
    network,
    new Map(
      standardConvs(network, choice).map(layer => [layer, invertConv(network, layer, expansion)] as const),
    ),
  );

function invertConv(network: Network, layer: ConvLayer, expansion: number): readonly NewLayer[] {
  const { name, geometry, inputs, outputs } = layer;
  const { inChannels, outChannels } = geometry;
  const hidden = inChannels * expansion;
  const activation = makeActivation('relu6');
  const expand = {
    name: `${name}.expand`,
    op: 'pw',
    geometry: pointwiseAt('input', geometry, inChannels, hidden),
    activation,
  };
  const depthwise = {
    name: `${name}.dw`,
    op: 'dw',
    geometry: { ...geometry, inChannels: hidden, outChannels: hidden, groups: hidden },
    activation,
  };
  const project = {
    name: `${name}.project`,
    op: 'pw',
    geometry: pointwiseAt('output', geometry, hidden, outChannels),
  };
  const parts = expansion === 1 ? [depthwise, project] : [expand, depthwise, project];
  const [input, output] = [inputs[0]!, outputs[0]!];
  if (!sameShape(input.shape, output.shape)) return chainInPlaceOf(network, layer, parts);
  const projected: TensorInfo = { ...output, name: `${name}.project` };
  const made = chainInPlaceOf(network, { ...layer, outputs: [projected] }, parts);
  return [...made, addition(`${name}.add`, [input, projected], output)];
}

const addition = (name: string, inputs: readonly TensorInfo[], output: TensorInfo): NewLayer => ({
  layer: { kind: 'free', name, op: 'add', inputs, outputs: [output], params: [], compute: { type: 'add' } },
  params: [],
});
