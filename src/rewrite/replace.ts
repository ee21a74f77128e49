import { noActivation } from '../model/activation.js';
import { type ConvGeometry, convFanIn, convOutput, convWeightShape } from '../model/conv.js';
import type { ConvLayer, Layer, TensorInfo } from '../model/layer.js';
import { fromFeatureMap } from '../model/layout.js';
import type { Network, Param } from '../model/network.js';

/** What a rewritten convolution is; the rest follows from its geometry. */
export interface NewConv {
  readonly name: string;
  readonly op: string;
  readonly geometry: ConvGeometry;
  readonly input: TensorInfo;
  /** Absent: a tensor named as the layer. */
  readonly output?: TensorInfo;
  readonly bias?: boolean;
  readonly activation?: ConvLayer['activation'];
}

/** A layer that a rewrite makes, and the tensors that it stores. */
export interface NewLayer<Kind extends Layer = Layer> {
  readonly layer: Kind;
  readonly params: readonly Param[];
}

/** A convolution with seeded He-normal weights and a bias of zeros. */
export function newConv({ layout }: Network, conv: NewConv): NewLayer<ConvLayer> {
  const { name, op, geometry, input, bias = false, activation = noActivation } = conv;
  const output: TensorInfo = conv.output ?? {
    name,
    shape: fromFeatureMap(convOutput(geometry), layout),
    dtype: input.dtype,
  };
  const weight: Param = {
    name: `${name}.weight`,
    shape: convWeightShape(geometry),
    dtype: 'f32',
    learned: true,
    values: { type: 'fill', fill: 'random', seed: 1, fanIn: convFanIn(geometry) },
  };
  const biasParam: Param = {
    name: `${name}.bias`,
    shape: [geometry.outChannels],
    dtype: 'f32',
    learned: true,
    values: { type: 'fill', fill: 'zeros', seed: 1 },
  };
  const params = bias ? [weight, biasParam] : [weight];
  return {
    layer: {
      kind: 'conv',
      name,
      op,
      geometry,
      bias,
      activation,
      dtype: input.dtype,
      inputs: [input],
      outputs: [output],
      params: params.map(param => param.name),
    },
    params,
  };
}

/** Convolutions that each read the one before; the last one writes what `layer` wrote, with its bias and activation. */
export function chainInPlaceOf(
  network: Network,
  layer: ConvLayer,
  convs: readonly Pick<NewConv, 'name' | 'op' | 'geometry' | 'activation'>[],
): readonly NewLayer<ConvLayer>[] {
  const made: NewLayer<ConvLayer>[] = [];
  for (const [index, conv] of convs.entries()) {
    const input = made.at(-1)?.layer.outputs[0] ?? layer.inputs[0]!;
    const isLast = index === convs.length - 1;
    const last = { output: layer.outputs[0]!, bias: layer.bias, activation: layer.activation };
    made.push(newConv(network, { ...conv, input, ...(isLast && last) }));
  }
  return made;
}

/**
 * A network in which layers are replaced: by new ones, or by nothing. Tensors that only replaced layers
 * stored go with them.
 */
export function replaceLayers(
  network: Network,
  replacements: ReadonlyMap<Layer, readonly NewLayer[]>,
): Network {
  const layers = network.layers.flatMap<Layer>(
    layer => replacements.get(layer)?.map(made => made.layer) ?? [layer],
  );
  const stillUsed = new Set(layers.flatMap(layer => layer.params));
  const dropped = new Set(
    [...replacements.keys()].flatMap(layer => layer.params).filter(name => !stillUsed.has(name)),
  );
  const made = [...replacements.values()].flat().flatMap(({ params }) => params);
  return {
    ...network,
    layers,
    params: new Map([
      ...[...network.params].filter(([name]) => !dropped.has(name)),
      ...made.map(param => [param.name, param] as const),
    ]),
  };
}
