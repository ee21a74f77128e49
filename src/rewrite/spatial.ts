import type { ConvGeometry } from '../model/conv.js';
import type { ConvLayer } from '../model/layer.js';
import type { Network } from '../model/network.js';
import { unitAxis, type WindowAxis } from '../model/window.js';
import { type LayerChoice, standardConvs } from './choice.js';
import { chainInPlaceOf, type NewLayer, replaceLayers } from './replace.js';

/**
 * Spatially separable: one convolution an axis, k x 1 from C to K channels, then 1 x k from K to K
 * (Szegedy et al., arXiv 1512.00567, section 3.2). A kernel larger than 1 in one axis alone stays.
 */
export const spatial = (network: Network, choice: LayerChoice = {}): Network =>
  replaceLayers(
    network,
    new Map(
      standardConvs(network, choice)
        .filter(({ geometry }) => longAxes(geometry).length > 1)
        .map(layer => [layer, splitAxes(network, layer)] as const),
    ),
  );

/** The axes in which the kernel looks around. */
const longAxes = ({ axes }: ConvGeometry): readonly number[] =>
  axes.flatMap((axis, index) => (axis.kernel > 1 ? [index] : []));

const letters = 'dhw';

function splitAxes(network: Network, layer: ConvLayer): readonly NewLayer[] {
  const { geometry, name } = layer;
  const steps = longAxes(geometry);
  return chainInPlaceOf(
    network,
    layer,
    steps.map((_, step) => ({
      name: `${name}.${letters.at(steps[step]! - geometry.axes.length)}`,
      op: 'conv',
      geometry: {
        ...geometry,
        inChannels: step === 0 ? geometry.inChannels : geometry.outChannels,
        axes: geometry.axes.map((axis, index) => stepAxis(axis, index, steps, step)),
      },
    })),
  );
}

/** Its own window in its own step; axes with a kernel of 1, which may have a stride, take it in the first. */
function stepAxis(axis: WindowAxis, index: number, steps: readonly number[], step: number): WindowAxis {
  const own = Math.max(0, steps.indexOf(index));
  if (own === step) return axis;
  return unitAxis(step < own ? axis.input : axis.output);
}
