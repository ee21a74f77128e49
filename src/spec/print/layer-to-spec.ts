import { noActivation } from '../../model/activation.js';
import { type ConvGeometry, convFlavor, convInput, resolveConv } from '../../model/conv.js';
import type { ConvLayer, FreeCompute, FreeLayer, Layer, MatmulLayer } from '../../model/layer.js';
import { toFeatureMap } from '../../model/layout.js';
import type { Network } from '../../model/network.js';
import { type Shape, sameShape } from '../../model/shape.js';
import type { PaddingMode, WindowAxis } from '../../model/window.js';
import type { LayerSpec } from '../layer-spec.js';
import { rowLength } from '../layers/dense.js';
import { cannotExport, valuesSpec } from './exportable.js';

/** A layer in the words of a spec, without its name and what it reads. */
export function layerSpec(layer: Layer, network: Network): LayerSpec {
  switch (layer.kind) {
    case 'conv':
      return { ...convSpec(layer), ...ownSpec(layer, network, false) };
    case 'matmul':
      return matmulSpec(layer, network);
    case 'free':
      return freeSpec(layer, network);
    case 'unknown':
      return unknownSpec(layer, network);
  }
}

type Window = Pick<LayerSpec, 'kernel' | 'stride' | 'padding' | 'dilation'>;

const oneOrAll = (values: Shape): number | Shape =>
  values.every(value => value === values[0]) && values.length > 0 ? values[0]! : values;

function windowSpec(axes: readonly WindowAxis[], padding: PaddingMode, usualStride = 1): Window {
  const of = (key: 'kernel' | 'stride' | 'dilation') => axes.map(axis => axis[key]);
  const isUsual = axes.every(axis => axis.stride === usualStride);
  return {
    kernel: of('kernel'),
    ...(!isUsual && { stride: oneOrAll(of('stride')) }),
    ...(axes.some(axis => axis.dilation !== 1) && { dilation: oneOrAll(of('dilation')) }),
    padding: padding === 'explicit' ? edgesOf(axes) : padding === 'same-upper' ? 'same' : padding,
  };
}

/** One number where all edges are alike, else begins, then ends. */
function edgesOf(axes: readonly WindowAxis[]): number | Shape {
  return oneOrAll([...axes.map(axis => axis.padBegin), ...axes.map(axis => axis.padEnd)]);
}

function convSpec({ op, geometry }: ConvLayer): LayerSpec {
  const { axes, padding, groups, inChannels, outChannels } = geometry;
  if (geometry.transposed) return transposedSpec(geometry);
  const window = windowSpec(axes, padding);
  const byGroups = groups > 1 && { groups };
  if (op === 'dw' || (op !== 'conv' && convFlavor(geometry) === 'depthwise')) {
    const multiplier = outChannels / inChannels;
    return { op: 'dw', ...window, ...(multiplier !== 1 && { multiplier }) };
  }
  if (op !== 'conv' && isPlainPointwise(geometry)) {
    const stride = oneOrAll(axes.map(axis => axis.stride));
    return { op: 'pw', out: outChannels, ...(stride !== 1 && { stride }), ...byGroups };
  }
  return { op: 'conv', out: outChannels, ...window, ...byGroups };
}

/** What `pw` stands for: its padding is 0 whatever the mode. */
const isPlainPointwise = ({ axes }: ConvGeometry): boolean =>
  axes.every(
    ({ kernel, dilation, padBegin, padEnd, input, output, stride }) =>
      kernel === 1 &&
      dilation === 1 &&
      padBegin === 0 &&
      padEnd === 0 &&
      output === Math.ceil(input / stride),
  );

/** By its padding where that gives the same edges, else by the sizes that come out. */
function transposedSpec(geometry: ConvGeometry): LayerSpec {
  const { axes, padding, groups, outChannels } = geometry;
  const outputPadding = axes.map(axis => axis.outputPadding);
  const base = { op: 'tconv' as const, out: outChannels, ...(groups > 1 && { groups }) };
  const byPadding = {
    ...base,
    ...windowSpec(axes, padding),
    ...(outputPadding.some(Boolean) && padding === 'explicit' && { outputPadding }),
  };
  if (givesSameAxes(byPadding, geometry)) return byPadding;
  return {
    ...base,
    ...windowSpec(axes, 'explicit'),
    padding: [...axes.map(axis => axis.padBegin), ...axes.map(() => 0)],
    outputShape: axes.map(axis => axis.output),
  };
}

function givesSameAxes({ out, kernel, ...spec }: LayerSpec, geometry: ConvGeometry): boolean {
  try {
    const again = resolveConv(
      { ...spec, kernel: kernel!, outChannels: out!, transposed: true },
      convInput(geometry),
    );
    return JSON.stringify(again.axes) === JSON.stringify(geometry.axes);
  } catch {
    return false;
  }
}

/** Bias, activation and values: what convolutions and dense layers have in common. */
function ownSpec(
  { bias, activation, params }: ConvLayer | MatmulLayer,
  network: Network,
  usualBias: boolean,
): Partial<LayerSpec> {
  const [weight, biasParam] = params.map(name => network.params.get(name)?.values);
  const weights = weight && valuesSpec(weight);
  const isUsual =
    weights === undefined || ('fill' in weights && weights.fill === 'random' && weights.seed === 1);
  return {
    ...(bias !== usualBias && { bias }),
    ...(activation.name !== noActivation.name && { activation }),
    ...(!isUsual && { weights }),
    ...(biasParam?.type === 'values' && { biasValues: Array.from(biasParam.values) }),
  };
}

function matmulSpec(layer: MatmulLayer, network: Network): LayerSpec {
  const { products, inputs, outputs, params } = layer;
  const [product] = products;
  const maps = inputs.map(({ shape }) => toFeatureMap(shape, network.layout));
  const output = toFeatureMap(outputs[0]!.shape, network.layout);
  if (products.length === 1 && params.length > 0) {
    const isDense = product!.batch === 1 && product!.m === output.batch && product!.k === rowLength(maps[0]!);
    if (isDense && output.sizes.length === 0) {
      return { op: 'fc', out: product!.n, ...ownSpec(layer, network, true) };
    }
  }
  const isProduct = products.length === 1 && params.length === 0 && maps.length === 2;
  if (isProduct && maps.every(map => map.sizes.length === 1)) return { op: 'matmul' };
  return cannotExport(layer, 'its matrix product is neither a dense layer nor a product of two inputs');
}

function freeSpec(layer: FreeLayer, network: Network): LayerSpec {
  const { compute } = layer;
  switch (compute.type) {
    case 'activation':
      return compute.activation.name === 'none'
        ? { op: 'dropout' }
        : { op: compute.activation.name, activation: compute.activation };
    case 'pool':
      return poolSpec(layer, compute);
    case 'adaptive-pool':
      if (compute.mode === 'max') return cannotExport(layer, 'there is no adaptive max pool');
      return compute.outputSizes.every(size => size === 1)
        ? { op: 'gap' }
        : { op: 'adaptivepool', size: compute.outputSizes };
    case 'batch-norm':
      return { op: 'bn', ...(compute.epsilon !== 1e-5 && { epsilon: compute.epsilon }) };
    case 'channel-slice':
      return { op: 'slice', start: compute.start, end: compute.end };
    case 'channel-shuffle':
      return { op: 'shuffle', groups: compute.groups };
    case 'identity':
      return { op: 'dropout' };
    case 'other':
      return otherSpec(layer, network);
    default:
      return { op: compute.type };
  }
}

const joins: Readonly<Record<string, 'add' | 'mul'>> = { Add: 'add', Sum: 'add', Mul: 'mul' };

/** Of a model file's own operators, those that a spec has: one row of values, and sums and products of maps. */
function otherSpec(layer: FreeLayer, { layout }: Network): LayerSpec {
  const maps = layer.inputs.map(({ shape }) => toFeatureMap(shape, layout));
  const [first] = maps;
  const { shape } = layer.outputs[0]!;
  if (maps.length === 1 && sameShape(shape, [first!.batch, rowLength(first!)])) return { op: 'flatten' };
  if (maps.length > 1 && Object.hasOwn(joins, layer.op)) return { op: joins[layer.op]! };
  return cannotExport(layer, `a spec has no layer for ${layer.op}`);
}

function poolSpec(layer: FreeLayer, compute: Extract<FreeCompute, { type: 'pool' }>): LayerSpec {
  const { mode, geometry, countPadding } = compute;
  const { axes, padding, ceil } = geometry;
  if (mode === 'avg' && axes.some(axis => axis.dilation !== 1))
    cannotExport(layer, 'an average has no dilation');
  return {
    op: mode === 'max' ? 'maxpool' : 'avgpool',
    // A pool's own stride is its kernel.
    ...windowSpec(axes, padding, Number.NaN),
    ...(ceil && { ceil }),
    ...(mode === 'avg' && countPadding !== (padding === 'explicit') && { countPadding }),
  };
}

function unknownSpec(layer: Extract<Layer, { kind: 'unknown' }>, { layout }: Network): LayerSpec {
  const [input] = layer.inputs;
  const [output] = layer.outputs;
  if (!input || !output) return cannotExport(layer, 'its shapes are not known');
  const before = toFeatureMap(input.shape, layout);
  const after = toFeatureMap(output.shape, layout);
  if (!sameShape(before.sizes, after.sizes))
    cannotExport(layer, 'it is not understood, and changes the sizes');
  return { op: 'unknown', word: layer.op, reason: layer.reason, out: after.channels };
}
