import type { Activation } from '../../../src/model/activation.js';
import type { ConvLayer, FreeLayer, Layer, MatmulLayer } from '../../../src/model/layer.js';
import { toFeatureMap } from '../../../src/model/layout.js';
import type { Network } from '../../../src/model/network.js';
import { formatShape } from '../../../src/model/shape.js';
import type { PaddingMode, WindowAxis } from '../../../src/model/window.js';
import type { OpName } from '../../../src/spec/ops.js';
import { changedParameters } from '../../../src/spec/print/exportable.js';
import { cannotPrint } from './printable.js';

/**
 * A network as layer tokens, one layer a line, which read back to the same network: names, branches and
 * padding included. The values of weights are not in it.
 *
 * @throws Error at the first layer that tokens cannot say
 */
export function printTokens(network: Network): string {
  const names = new NameWords();
  let before = network.inputs[0]!.name;
  const lines = network.layers.map(layer => {
    const { op, kernel = '', words } = sayLayer(layer) ?? cannotPrint('tokens', layer);
    const from = fromWord(layer, before);
    before = layer.outputs[0]!.name;
    const form = layer.form === undefined ? [] : [`form=${layer.form}`];
    return [op + kernel, ...words, ...names.of(layer, op), ...from, ...form].join(' ');
  });
  return `${[inputWord(network), ...lines].join('\n')}\n`;
}

function inputWord({ inputs, layout, layers }: Network): string {
  const { batch, channels, sizes } = toFeatureMap(inputs[0]!.shape, layout);
  if (inputs.length !== 1 || batch !== 1) cannotPrint('tokens', layers[0] ?? { name: 'input', op: 'input' });
  return `@${formatShape([...sizes, channels])}`;
}

/** Leaves out the names that a layer without one gets. */
class NameWords {
  readonly #counts = new Map<OpName, number>();

  of({ name }: Layer, op: OpName): readonly string[] {
    const count = (this.#counts.get(op) ?? 0) + 1;
    if (name !== `${op}${count}`) return [`name=${name}`];
    this.#counts.set(op, count);
    return [];
  }
}

function fromWord(layer: Layer, before: string): readonly string[] {
  const names = layer.inputs.map(({ name }) => name);
  if (names.length === 1 && names[0] === before) return [];
  if (names.some(name => /[\s,]/.test(name))) cannotPrint('tokens', layer);
  return [`from=${names.join(',')}`];
}

/** A layer in words; `undefined` where tokens have none. */
interface Said {
  readonly op: OpName;
  readonly kernel?: string;
  readonly words: readonly string[];
}

function sayLayer(layer: Layer): Said | undefined {
  switch (layer.kind) {
    case 'conv':
      return sayConv(layer);
    case 'matmul':
      return sayMatmul(layer);
    case 'free':
      return sayFree(layer);
    case 'unknown':
      return undefined;
  }
}

function sayConv({ op, geometry, bias, activation }: ConvLayer): Said {
  const { axes, padding, transposed, groups, inChannels, outChannels } = geometry;
  const isDepthwise = groups === inChannels && groups > 1 && !transposed;
  const own = [...(bias ? ['bias'] : []), ...activationWords(activation)];
  const window = windowWords(axes, padding);
  if (transposed) {
    const outputPadding = axes.map(axis => axis.outputPadding);
    const outpad = outputPadding.some(Boolean) ? [`outpad=${outputPadding.join('x')}`] : [];
    return {
      op: 'tconv',
      kernel: kernelOf(axes),
      words: [String(outChannels), ...window, ...groupWords(groups), ...outpad, ...own],
    };
  }
  if (isDepthwise && op !== 'conv') {
    const multiplier = outChannels / inChannels;
    const m = multiplier === 1 ? [] : [`m${multiplier}`];
    return { op: 'dw', kernel: kernelOf(axes), words: [...m, ...window, ...own] };
  }
  const words = [String(outChannels), ...window, ...groupWords(groups), ...own];
  return op === 'pw' ? { op, words } : { op: 'conv', kernel: kernelOf(axes), words };
}

const kernelOf = (axes: readonly WindowAxis[]): string => axes.map(axis => axis.kernel).join('x');

const groupWords = (groups: number): readonly string[] => (groups === 1 ? [] : [`g${groups}`]);

/** Stride, padding and dilation, where they are not what a convolution has unsaid. */
function windowWords(axes: readonly WindowAxis[], mode: PaddingMode): readonly string[] {
  return [
    ...sizesWord(
      's',
      axes.map(axis => axis.stride),
      1,
    ),
    ...paddingWord(axes, mode),
    ...sizesWord(
      'd',
      axes.map(axis => axis.dilation),
      1,
    ),
  ];
}

function sizesWord(letter: string, sizes: readonly number[], unsaid: number | undefined): readonly string[] {
  if (sizes.every(size => size === unsaid)) return [];
  return [letter + oneOrEach(sizes, 'x')];
}

function paddingWord(axes: readonly WindowAxis[], mode: PaddingMode): readonly string[] {
  if (mode === 'same-upper') return [];
  if (mode !== 'explicit') return [`p${mode}`];
  const edges = [...axes.map(axis => axis.padBegin), ...axes.map(axis => axis.padEnd)];
  return [`p${oneOrEach(edges, ',')}`];
}

const oneOrEach = (values: readonly number[], separator: string): string =>
  values.every(value => value === values[0]) ? String(values[0]) : values.join(separator);

function sayMatmul({ op, products, bias, activation }: MatmulLayer): Said | undefined {
  if (op === 'matmul') return { op, words: [] };
  if (op !== 'fc') return undefined;
  return { op, words: [String(products[0]!.n), ...(bias ? [] : ['nobias']), ...activationWords(activation)] };
}

/** `act=relu6`, and the parameters that are not the usual ones. */
const activationWords = (activation: Activation): readonly string[] =>
  activation.name === 'none' ? [] : [`act=${activation.name}`, ...parameterWords(activation)];

const parameterWords = (activation: Activation): readonly string[] =>
  Object.entries(changedParameters(activation)).map(([key, value]) => `${key}=${value}`);

function sayFree({ compute }: FreeLayer): Said | undefined {
  switch (compute.type) {
    case 'activation':
      return compute.activation.name === 'none'
        ? undefined
        : { op: compute.activation.name, words: parameterWords(compute.activation) };
    case 'pool':
      return sayPool(compute);
    case 'adaptive-pool': {
      if (compute.mode === 'max') return undefined;
      const isGlobal = compute.outputSizes.every(size => size === 1);
      return isGlobal
        ? { op: 'gap', words: [] }
        : { op: 'adaptivepool', words: [`size=${compute.outputSizes.join('x')}`] };
    }
    case 'add':
    case 'mul':
    case 'concat':
    case 'flatten':
    case 'softmax':
      return { op: compute.type, words: [] };
    case 'batch-norm':
      return { op: 'bn', words: compute.epsilon === 1e-5 ? [] : [`eps=${compute.epsilon}`] };
    case 'channel-slice':
      return { op: 'slice', words: [`start=${compute.start}`, `end=${compute.end}`] };
    case 'channel-shuffle':
      return { op: 'shuffle', words: [`g${compute.groups}`] };
    case 'identity':
      return { op: 'dropout', words: [] };
    case 'other':
      return undefined;
  }
}

function sayPool({ mode, geometry, countPadding }: Extract<FreeLayer['compute'], { type: 'pool' }>): Said {
  const { axes, padding, ceil } = geometry;
  const isUsual = axes.every(axis => axis.stride === axis.kernel);
  const words = [
    ...(isUsual
      ? []
      : sizesWord(
          's',
          axes.map(axis => axis.stride),
          undefined,
        )),
    ...(padding === 'valid' ? [] : padding === 'same-upper' ? ['psame'] : paddingWord(axes, padding)),
    ...sizesWord(
      'd',
      axes.map(axis => axis.dilation),
      1,
    ),
    ...(ceil ? ['ceil'] : []),
  ];
  const counts = mode === 'avg' && countPadding !== (padding === 'explicit');
  return {
    op: mode === 'max' ? 'maxpool' : 'avgpool',
    kernel: kernelOf(axes),
    words: counts ? [...words, `countpad=${countPadding ? 'yes' : 'no'}`] : words,
  };
}
