import type { Activation, ActivationName } from '../../../src/model/activation.js';
import type { ConvLayer, FreeLayer, Layer, MatmulLayer } from '../../../src/model/layer.js';
import { type ChannelOrder, toFeatureMap } from '../../../src/model/layout.js';
import type { Network } from '../../../src/model/network.js';
import type { WindowAxis } from '../../../src/model/window.js';
import { changedParameters } from '../../../src/spec/print/exportable.js';
import { cannotPrint, chainOf } from './printable.js';

/**
 * A chain of layers as PyTorch prints a model, which `pytorch` reads back: names with dots become modules
 * in modules.
 *
 * @throws Error at the first layer that such a print cannot say
 */
export function printPytorch(network: Network): string {
  const root: Branch = new Map();
  for (const layer of chainOf(network, notation)) {
    const line = lineOf(layer, network.layout);
    if (line === undefined || layer.form === 'function') cannotPrint(notation, layer);
    place(root, layer, line);
  }
  return `Network(\n${printBranch(root, '  ')})\n`;
}

const notation = 'pytorch';

/** Modules by name: a line, or more modules. */
type Branch = Map<string, string | Branch>;

function place(root: Branch, layer: Layer, line: string): void {
  const path = layer.name.split('.');
  const label = path.pop()!;
  let branch = root;
  for (const step of path) {
    const inner = branch.get(step) ?? new Map();
    if (typeof inner === 'string') cannotPrint(notation, layer);
    branch.set(step, inner);
    branch = inner;
  }
  // A print shows modules in their order: one that is left cannot be gone back to.
  if (![...path, label].every(step => /^[\w-]+$/.test(step)) || branch.has(label))
    cannotPrint(notation, layer);
  branch.set(label, line);
}

const printBranch = (branch: Branch, indent: string): string =>
  Array.from(branch, ([name, content]) =>
    typeof content === 'string'
      ? `${indent}(${name}): ${content}\n`
      : `${indent}(${name}): Module(\n${printBranch(content, `${indent}  `)}${indent})\n`,
  ).join('');

function lineOf(layer: Layer, order: ChannelOrder): string | undefined {
  switch (layer.kind) {
    case 'conv':
      return convLine(layer);
    case 'matmul':
      return linearLine(layer);
    case 'free':
      return freeLine(layer, order);
    case 'unknown':
      return undefined;
  }
}

function convLine({ geometry, bias, activation }: ConvLayer): string | undefined {
  const { axes, padding, transposed, inChannels, outChannels, groups } = geometry;
  const isSymmetric = axes.every(axis => axis.padBegin === axis.padEnd);
  if (!isSymmetric || padding !== 'explicit' || activation.name !== 'none') return undefined;
  const name = transposed ? 'ConvTranspose' : 'Conv';
  return call(`${name}${axes.length}d`, [
    inChannels,
    outChannels,
    ...windowArguments(axes),
    ...(transposed ? [`output_padding=${tuple(axes.map(axis => axis.outputPadding))}`] : []),
    `groups=${groups}`,
    `bias=${python(bias)}`,
  ]);
}

const windowArguments = (axes: readonly WindowAxis[]): readonly string[] => [
  `kernel_size=${tuple(axes.map(axis => axis.kernel))}`,
  `stride=${tuple(axes.map(axis => axis.stride))}`,
  `padding=${tuple(axes.map(axis => axis.padBegin))}`,
  `dilation=${tuple(axes.map(axis => axis.dilation))}`,
];

/** Reads rows: a print does not show what made them of feature maps. */
function linearLine({ op, products, bias, activation, inputs }: MatmulLayer): string | undefined {
  const [product] = products;
  if (op !== 'fc' || !product || activation.name !== 'none' || inputs[0]!.shape.length !== 2)
    return undefined;
  return `Linear(in_features=${product.k}, out_features=${product.n}, bias=${python(bias)})`;
}

function freeLine({ compute, inputs }: FreeLayer, order: ChannelOrder): string | undefined {
  const { channels, sizes } = toFeatureMap(inputs[0]!.shape, order);
  const axes = sizes.length;
  switch (compute.type) {
    case 'activation':
      return activationLine(compute.activation);
    case 'pool':
      return poolLine(compute);
    case 'adaptive-pool':
      return compute.mode === 'max'
        ? undefined
        : `AdaptiveAvgPool${axes}d(output_size=${tuple(compute.outputSizes)})`;
    case 'batch-norm':
      return `BatchNorm${Math.max(axes, 1)}d(${channels}, eps=${compute.epsilon})`;
    case 'flatten':
      return 'Flatten(start_dim=1, end_dim=-1)';
    case 'softmax':
      return 'Softmax(dim=1)';
    case 'identity':
      return 'Dropout(p=0.5, inplace=False)';
    default:
      return undefined;
  }
}

function poolLine({
  mode,
  geometry,
  countPadding,
}: Extract<FreeLayer['compute'], { type: 'pool' }>): string | undefined {
  const { axes, padding, ceil } = geometry;
  const isSymmetric = axes.every(axis => axis.padBegin === axis.padEnd);
  const isDilated = axes.some(axis => axis.dilation > 1);
  if (!isSymmetric || padding !== 'explicit' || (mode === 'avg' && isDilated)) return undefined;
  const window = windowArguments(axes);
  return mode === 'max'
    ? call(`MaxPool${axes.length}d`, [...window, `ceil_mode=${python(ceil)}`])
    : call(`AvgPool${axes.length}d`, [
        ...window.slice(0, 3),
        `ceil_mode=${python(ceil)}`,
        `count_include_pad=${python(countPadding)}`,
      ]);
}

/** Names, and theirs of our parameters. */
const activationClasses: Partial<
  Record<ActivationName, readonly [string, Readonly<Record<string, string>>]>
> = {
  relu: ['ReLU', {}],
  relu6: ['ReLU6', {}],
  leakyRelu: ['LeakyReLU', { alpha: 'negative_slope' }],
  elu: ['ELU', { alpha: 'alpha' }],
  clamp: ['Hardtanh', { min: 'min_val', max: 'max_val' }],
  sigmoid: ['Sigmoid', {}],
  tanh: ['Tanh', {}],
  silu: ['SiLU', {}],
  hardSigmoid: ['Hardsigmoid', {}],
  hardswish: ['Hardswish', {}],
  gelu: ['GELU', {}],
  softplus: ['Softplus', {}],
  mish: ['Mish', {}],
};

function activationLine(activation: Activation): string | undefined {
  const [type, renamed] = activationClasses[activation.name] ?? [];
  if (!type || !renamed) return undefined;
  const changed = Object.entries(changedParameters(activation));
  if (changed.some(([key]) => !renamed[key])) return undefined;
  return call(
    type,
    changed.map(([key, value]) => `${renamed[key]}=${value}`),
  );
}

const call = (name: string, values: readonly (string | number)[]): string => `${name}(${values.join(', ')})`;

const tuple = (sizes: readonly number[]): string =>
  sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;

const python = (flag: boolean): string => (flag ? 'True' : 'False');
