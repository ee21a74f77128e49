import { type ActivationName, makeActivation } from '../../model/activation.js';
import type { Padding } from '../../model/window.js';
import type { LayerSpec } from '../layer-spec.js';
import type { OpName } from '../ops.js';
import { Arguments } from './arguments.js';
import type { Call } from './calls.js';

/** How a module of torch.nn becomes a layer; `undefined` from `read` where its cost is not known. */
interface ModuleRule {
  /** In the order of positional arguments. */
  readonly parameters: readonly string[];
  readonly read: (given: Arguments, axes: number) => LayerSpec | undefined;
}

const convParameters = ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding'];

const convFields = (given: Arguments, axes: number) => ({
  in: given.whole('in_channels'),
  out: given.whole('out_channels'),
  kernel: given.sizes('kernel_size', axes),
  stride: given.sizesOr('stride', axes, 1),
  padding: paddingOf(given, axes),
  dilation: given.sizesOr('dilation', axes, 1),
  groups: given.wholeOr('groups', 1),
  bias: given.flag('bias', true),
});

/** torch.nn pads nothing where nothing is written. */
function paddingOf(given: Arguments, axes: number): Padding {
  const word = given.word('padding');
  return word === 'same' || word === 'valid' ? word : given.sizesOr('padding', axes, 0);
}

const poolFields = (given: Arguments, axes: number) => ({
  kernel: given.sizes('kernel_size', axes),
  ...(given.has('stride') && { stride: given.sizes('stride', axes) }),
  padding: given.sizesOr('padding', axes, 0),
  ceil: given.flag('ceil_mode', false),
});

const norm: ModuleRule = {
  parameters: ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype'],
  // Without its two learned values a channel it is another layer.
  read: given =>
    given.flag('affine', true)
      ? { op: 'bn', in: given.whole('num_features'), epsilon: given.number('eps', 1e-5) }
      : undefined,
};

const plain = (op: OpName, ...parameters: readonly string[]): ModuleRule => ({
  parameters,
  read: () => ({ op }),
});

/** @param renamed our parameter for each of PyTorch's, in positional order; with `''`, one without effect here */
const activation = (
  name: Exclude<ActivationName, 'none'>,
  renamed: Record<string, string> = {},
): ModuleRule => ({
  parameters: [...Object.keys(renamed), 'inplace'],
  read: given => {
    const entries = Object.entries(renamed).filter(([theirs, ours]) => ours !== '' && given.has(theirs));
    const parameters = entries.map(([theirs, ours]) => [ours, given.number(theirs, 0)]);
    return { op: name, activation: makeActivation(name, Object.fromEntries(parameters)) };
  },
});

/** Without the `2d` that most names end in. */
const rules: Readonly<Record<string, ModuleRule>> = {
  Conv: {
    parameters: [...convParameters, 'dilation', 'groups', 'bias', 'padding_mode', 'device', 'dtype'],
    read: (given, axes) => ({ op: 'conv', ...convFields(given, axes) }),
  },
  ConvTranspose: {
    parameters: [
      ...convParameters,
      'output_padding',
      'groups',
      'bias',
      'dilation',
      'padding_mode',
      'device',
      'dtype',
    ],
    read: (given, axes) => ({
      op: 'tconv',
      ...convFields(given, axes),
      outputPadding: given.sizesOr('output_padding', axes, 0),
    }),
  },
  Linear: {
    parameters: ['in_features', 'out_features', 'bias', 'device', 'dtype'],
    read: given => ({
      op: 'fc',
      in: given.whole('in_features'),
      out: given.whole('out_features'),
      bias: given.flag('bias', true),
    }),
  },
  BatchNorm: norm,
  SyncBatchNorm: norm,
  MaxPool: {
    parameters: ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'],
    read: (given, axes) => ({
      op: 'maxpool',
      ...poolFields(given, axes),
      dilation: given.sizesOr('dilation', axes, 1),
    }),
  },
  AvgPool: {
    parameters: ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override'],
    read: (given, axes) => ({
      op: 'avgpool',
      ...poolFields(given, axes),
      countPadding: given.flag('count_include_pad', true),
    }),
  },
  AdaptiveAvgPool: {
    parameters: ['output_size'],
    read: (given, axes) => {
      const size = given.sizes('output_size', axes);
      return size.every(one => one === 1) ? { op: 'gap' } : { op: 'adaptivepool', size };
    },
  },
  Flatten: plain('flatten', 'start_dim', 'end_dim'),
  Softmax: plain('softmax', 'dim'),
  LogSoftmax: plain('softmax', 'dim'),
  Dropout: plain('dropout', 'p', 'inplace'),
  AlphaDropout: plain('dropout', 'p', 'inplace'),
  Identity: { parameters: [], read: () => ({ op: 'dropout' }) },
  StochasticDepth: plain('dropout', 'p', 'mode'),
  DropPath: plain('dropout', 'drop_prob'),
  ReLU: activation('relu'),
  ReLU6: activation('relu6'),
  LeakyReLU: activation('leakyRelu', { negative_slope: 'alpha' }),
  ELU: activation('elu', { alpha: 'alpha' }),
  Hardtanh: activation('clamp', { min_val: 'min', max_val: 'max' }),
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  SiLU: activation('silu'),
  Hardsigmoid: activation('hardSigmoid'),
  Hardswish: activation('hardswish'),
  GELU: activation('gelu', { approximate: '' }),
  Softplus: activation('softplus', { beta: '', threshold: '' }),
  Mish: activation('mish'),
};

/** Names for errors and for telling that a text is of PyTorch. */
export const pytorchModules: readonly string[] = Object.keys(rules).flatMap(name =>
  /Conv|Pool|^BatchNorm|^Dropout/.test(name) ? [1, 2, 3].map(axes => `${name}${axes}d`) : [name],
);

const ruleOf = (name: string): ModuleRule | undefined => {
  const plainName = name.replace(/[123]d$/, '');
  return Object.hasOwn(rules, plainName) ? rules[plainName] : undefined;
};

/**
 * The layer that a module of torch.nn is; `undefined` where it is none that is known.
 *
 * @throws ConvcostError where an argument is wrong
 */
export function readPytorchModule(call: Call): LayerSpec | undefined {
  const rule = ruleOf(call.name);
  if (!rule) return undefined;
  const axes = Number(/([123])d$/.exec(call.name)?.[1] ?? 2);
  // `Identity` takes anything.
  const given = new Arguments(
    call.name === 'Identity' ? { ...call, values: [], options: new Map() } : call,
    rule.parameters,
  );
  return rule.read(given, axes);
}
