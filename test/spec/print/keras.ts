import type { Activation, ActivationName } from '../../../src/model/activation.js';
import type { ConvLayer, FreeLayer, Layer, MatmulLayer } from '../../../src/model/layer.js';
import { toFeatureMap } from '../../../src/model/layout.js';
import type { Network } from '../../../src/model/network.js';
import type { PaddingMode, WindowAxis } from '../../../src/model/window.js';
import { changedParameters } from '../../../src/spec/print/exportable.js';
import { cannotPrint, chainOf } from './printable.js';

/**
 * A chain of layers as Keras calls, which `keras` reads back.
 *
 * @throws Error at the first layer that Keras calls cannot say
 */
export function printKeras(network: Network): string {
  const { channels, sizes } = toFeatureMap(network.inputs[0]!.shape, network.layout);
  const lines = chainOf(network, notation).map(layer => {
    const said = sayLayer(layer);
    if (!said) return cannotPrint(notation, layer);
    const [name, ...values] = said;
    return `${name}(${[...values, `name="${layer.name}"`].join(', ')})`;
  });
  return `${[`Input(shape=(${[...sizes, channels].join(', ')}))`, ...lines].join('\n')}\n`;
}

const notation = 'keras';

/** A call's name, then its arguments. */
type Said = readonly [string, ...string[]] | undefined;

function sayLayer(layer: Layer): Said {
  switch (layer.kind) {
    case 'conv':
      return sayConv(layer);
    case 'matmul':
      return sayDense(layer);
    case 'free':
      return sayFree(layer);
    case 'unknown':
      return undefined;
  }
}

function sayConv({ op, geometry, bias, activation }: ConvLayer): Said {
  const { axes, padding, groups, outChannels, inChannels } = geometry;
  const window = windowArguments(axes, padding);
  const activationName = activationWord(activation);
  if (!window || activationName === undefined) return undefined;
  const own = [`use_bias=${bias ? 'True' : 'False'}`, ...activationName];
  if (op === 'dw') {
    const multiplier = `depth_multiplier=${outChannels / inChannels}`;
    return [`DepthwiseConv${axes.length}D`, ...window, multiplier, ...own];
  }
  return op === 'conv'
    ? [`Conv${axes.length}D`, String(outChannels), ...window, `groups=${groups}`, ...own]
    : undefined;
}

function windowArguments(axes: readonly WindowAxis[], mode: PaddingMode): readonly string[] | undefined {
  if (mode !== 'same-upper' && mode !== 'valid') return undefined;
  const list = (key: 'kernel' | 'stride' | 'dilation') => `(${axes.map(axis => axis[key]).join(', ')},)`;
  return [
    list('kernel'),
    `strides=${list('stride')}`,
    `padding="${mode === 'valid' ? 'valid' : 'same'}"`,
    ...(axes.some(axis => axis.dilation > 1) ? [`dilation_rate=${list('dilation')}`] : []),
  ];
}

/** Rows alone: Keras's Dense acts on each position of a feature map. */
function sayDense({ op, products, bias, activation, inputs }: MatmulLayer): Said {
  const activationName = activationWord(activation);
  if (op !== 'fc' || inputs[0]!.shape.length !== 2 || activationName === undefined) return undefined;
  return ['Dense', String(products[0]!.n), `use_bias=${bias ? 'True' : 'False'}`, ...activationName];
}

function sayFree({ compute, inputs }: FreeLayer): Said {
  const axes = inputs[0]!.shape.length - 2;
  switch (compute.type) {
    case 'activation': {
      const word = activationWord(compute.activation);
      return word?.length === 1 ? ['Activation', ...word] : undefined;
    }
    case 'pool': {
      const { mode, geometry, countPadding } = compute;
      const window = windowArguments(geometry.axes, geometry.padding);
      const isPlain = !geometry.ceil && !countPadding && geometry.axes.every(axis => axis.dilation === 1);
      return window && isPlain
        ? [`${mode === 'max' ? 'Max' : 'Average'}Pooling${axes}D`, ...window]
        : undefined;
    }
    case 'adaptive-pool':
      return compute.mode === 'avg' && compute.outputSizes.every(size => size === 1)
        ? [`GlobalAveragePooling${axes}D`]
        : undefined;
    case 'batch-norm':
      return ['BatchNormalization', `epsilon=${compute.epsilon}`];
    case 'flatten':
      return ['Flatten'];
    case 'identity':
      return ['Dropout', '0.5'];
    default:
      return undefined;
  }
}

const activationNames: Partial<Record<ActivationName, string>> = {
  relu: 'relu',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  silu: 'silu',
  hardSigmoid: 'hard_sigmoid',
  hardswish: 'hard_silu',
  gelu: 'gelu',
  elu: 'elu',
  softplus: 'softplus',
  leakyRelu: 'leaky_relu',
  mish: 'mish',
};

/** `activation="relu"`, nothing for none, `undefined` where Keras has no such name. */
function activationWord(activation: Activation): readonly string[] | undefined {
  if (activation.name === 'none') return [];
  const word = activationNames[activation.name];
  return word && Object.keys(changedParameters(activation)).length === 0
    ? [`activation="${word}"`]
    : undefined;
}
