import { ConvcostError } from '../../errors.js';
import { type Activation, type ActivationName, makeActivation } from '../../model/activation.js';
import type { LayerSpec } from '../layer-spec.js';
import { isActivationOp, type OpName } from '../ops.js';
import { Arguments } from './arguments.js';
import type { Call } from './calls.js';

/** How a layer of Keras becomes layers; `undefined` from `read` where its cost is not known. */
interface LayerRule {
  /** In the order of positional arguments. */
  readonly parameters: readonly string[];
  readonly read: (given: Arguments, axes: number) => readonly LayerSpec[] | undefined;
}

/** What every layer takes and no count depends on. */
const common = [
  'name',
  'dtype',
  'trainable',
  'input_shape',
  'batch_input_shape',
  ...['kernel', 'bias', 'depthwise', 'pointwise', 'activity', 'beta', 'gamma'].flatMap(what => [
    `${what}_initializer`,
    `${what}_regularizer`,
    `${what}_constraint`,
  ]),
];

const strided = ['strides', 'padding', 'data_format'];

/** Stride, padding and dilation; Keras pads nothing where nothing is written. */
function windowFields(given: Arguments, axes: number) {
  const padding = given.word('padding')?.toLowerCase() ?? 'valid';
  if (padding !== 'same' && padding !== 'valid') {
    throw given.refusal('padding', "'valid' or 'same'");
  }
  if (given.word('data_format') === 'channels_first') {
    throw given.refusal('data_format', "'channels_last', which is what is read here");
  }
  return {
    ...(given.has('strides') && { stride: given.sizes('strides', axes) }),
    padding,
    ...(given.has('dilation_rate') && { dilation: given.sizes('dilation_rate', axes) }),
  } as const;
}

/** A convolution's own fields, and what its activation becomes. */
const convolution = (op: 'conv' | 'dw' | 'sep' | 'tconv', ...parameters: readonly string[]): LayerRule => ({
  parameters: [...parameters, 'activation', 'use_bias'],
  read: (given, axes) =>
    withActivation(given, {
      op,
      ...(op !== 'dw' && { out: given.whole('filters') }),
      kernel: given.sizes('kernel_size', axes),
      ...windowFields(given, axes),
      ...(given.has('groups') && { groups: given.whole('groups') }),
      ...(given.has('depth_multiplier') && { multiplier: given.whole('depth_multiplier') }),
      ...(given.has('output_padding') && { outputPadding: given.sizes('output_padding', axes) }),
      bias: given.flag('use_bias', true),
    }),
});

const pool = (op: 'maxpool' | 'avgpool'): LayerRule => ({
  parameters: ['pool_size', ...strided],
  read: (given, axes) => [
    {
      op,
      kernel: given.has('pool_size') ? given.sizes('pool_size', axes) : new Array<number>(axes).fill(2),
      ...windowFields(given, axes),
    },
  ],
});

const activation = (
  name: Exclude<ActivationName, 'none'>,
  renamed: Record<string, string> = {},
): LayerRule => ({
  parameters: Object.keys(renamed),
  read: given => {
    const entries = Object.entries(renamed).filter(([theirs]) => given.has(theirs));
    const parameters = Object.fromEntries(entries.map(([theirs, ours]) => [ours, given.number(theirs, 0)]));
    return [{ op: name, activation: makeActivation(name, parameters) }];
  },
});

const plain = (op: OpName, ...parameters: readonly string[]): LayerRule => ({
  parameters,
  read: () => [{ op }],
});

/** Without the `2D` that most names hold. */
const rules: Readonly<Record<string, LayerRule>> = {
  Conv: convolution('conv', 'filters', 'kernel_size', ...strided, 'dilation_rate', 'groups'),
  DepthwiseConv: convolution(
    'dw',
    'kernel_size',
    'strides',
    'padding',
    'depth_multiplier',
    'data_format',
    'dilation_rate',
  ),
  SeparableConv: convolution(
    'sep',
    'filters',
    'kernel_size',
    ...strided,
    'dilation_rate',
    'depth_multiplier',
  ),
  ConvTranspose: convolution(
    'tconv',
    'filters',
    'kernel_size',
    'strides',
    'padding',
    'output_padding',
    'data_format',
    'dilation_rate',
  ),
  Dense: {
    parameters: ['units', 'activation', 'use_bias'],
    read: given =>
      withActivation(given, { op: 'fc', out: given.whole('units'), bias: given.flag('use_bias', true) }),
  },
  MaxPooling: pool('maxpool'),
  MaxPool: pool('maxpool'),
  AveragePooling: pool('avgpool'),
  AvgPool: pool('avgpool'),
  GlobalAveragePooling: plain('gap', 'data_format', 'keepdims'),
  GlobalAvgPool: plain('gap', 'data_format', 'keepdims'),
  BatchNormalization: {
    parameters: ['axis', 'momentum', 'epsilon', 'center', 'scale'],
    // Without one of its two learned values a channel it is another layer.
    read: given =>
      given.flag('center', true) && given.flag('scale', true)
        ? [{ op: 'bn', epsilon: given.number('epsilon', 1e-3) }]
        : undefined,
  },
  Activation: { parameters: ['activation'], read: given => namedActivation(given) },
  ReLU: {
    parameters: ['max_value', 'negative_slope', 'threshold'],
    read: given => [
      given.has('max_value')
        ? { op: 'clamp', activation: makeActivation('clamp', { min: 0, max: given.number('max_value', 6) }) }
        : { op: 'relu', activation: makeActivation('relu') },
    ],
  },
  LeakyReLU: activation('leakyRelu', { negative_slope: 'alpha', alpha: 'alpha' }),
  ELU: activation('elu', { alpha: 'alpha' }),
  Softmax: plain('softmax', 'axis'),
  Flatten: plain('flatten', 'data_format'),
  Dropout: plain('dropout', 'rate', 'noise_shape', 'seed'),
  SpatialDropout: plain('dropout', 'rate', 'data_format'),
};

const axesIn = /([123])D(?=Transpose$|$)/;
const ruleOf = (name: string): LayerRule | undefined => {
  const key = name.replace(axesIn, '');
  return Object.hasOwn(rules, key) ? rules[key] : undefined;
};

/** Names for errors and for telling that a text is of Keras. */
export const kerasLayers: readonly string[] = Object.keys(rules).flatMap(name =>
  /Conv|Pool|^Spatial/.test(name)
    ? [1, 2, 3].map(axes => (name === 'ConvTranspose' ? `Conv${axes}DTranspose` : `${name}${axes}D`))
    : [name],
);

/**
 * The layers that a Keras call is; `undefined` where it is none that is known.
 *
 * @throws ConvcostError where an argument is wrong
 */
export function readKerasLayer(call: Call): readonly LayerSpec[] | undefined {
  const rule = ruleOf(call.name);
  if (!rule) return undefined;
  const given = new Arguments(call, rule.parameters, common);
  return rule.read(given, Number(axesIn.exec(call.name)?.[1] ?? 2));
}

/** Keras's names where they are not ours. */
const activationNames: Readonly<Record<string, ActivationName | 'softmax'>> = {
  linear: 'none',
  swish: 'silu',
  hard_sigmoid: 'hardSigmoid',
  hard_silu: 'hardswish',
  hard_swish: 'hardswish',
  leaky_relu: 'leakyRelu',
  softmax: 'softmax',
  ...Object.fromEntries(
    (['relu', 'relu6', 'sigmoid', 'tanh', 'silu', 'gelu', 'elu', 'softplus', 'mish'] as const).map(name => [
      name,
      name,
    ]),
  ),
};

/** `activation='relu'` or `tf.nn.relu`; nothing where it is None. */
function activationOf(given: Arguments): ActivationName | 'softmax' {
  if (!given.has('activation')) return 'none';
  const name = given.word('activation')?.split('.').at(-1) ?? '';
  const found = Object.hasOwn(activationNames, name) ? activationNames[name] : undefined;
  if (found) return found;
  const known = Object.keys(activationNames);
  throw new ConvcostError('unknown-activation', { word: name, known }, given.place('activation'));
}

function withActivation(given: Arguments, layer: LayerSpec): readonly LayerSpec[] {
  const name = activationOf(given);
  if (name === 'softmax') return [layer, { op: 'softmax' }];
  const activated: Activation | undefined = name === 'none' ? undefined : makeActivation(name);
  return [{ ...layer, ...(activated && { activation: activated }) }];
}

function namedActivation(given: Arguments): readonly LayerSpec[] {
  const name = activationOf(given);
  if (name === 'softmax') return [{ op: 'softmax' }];
  return name !== 'none' && isActivationOp(name) ? [{ op: name, activation: makeActivation(name) }] : [];
}
