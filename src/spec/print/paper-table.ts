import { convFlavor } from '../../model/conv.js';
import type { ConvLayer, FreeLayer, Layer, MatmulLayer } from '../../model/layer.js';
import { toFeatureMap } from '../../model/layout.js';
import type { Network } from '../../model/network.js';
import { formatShape } from '../../model/shape.js';

/** A row of the MobileNet paper's table: `Conv dw / s1`, `3x3x32 dw`, `112x112x32`. */
export type PaperCells = readonly [type: string, filter: string, input: string];

/** A layer as such a row; `undefined` where the table has no words for it. */
export function paperCells(layer: Layer, { layout }: Pick<Network, 'layout'>): PaperCells | undefined {
  const words = wordsOf(layer);
  const { channels, sizes } = toFeatureMap(layer.inputs[0]!.shape, layout);
  if (!words || sizes.length === 1 || sizes.length > 2) return undefined;
  return [...words, formatShape([...(sizes.length === 0 ? [1, 1] : sizes), channels])];
}

function wordsOf(layer: Layer): readonly [string, string] | undefined {
  switch (layer.kind) {
    case 'conv':
      return convWords(layer);
    case 'matmul':
      return denseWords(layer);
    case 'free':
      return freeWords(layer);
    case 'unknown':
      return undefined;
  }
}

function convWords({ geometry, bias, activation }: ConvLayer): readonly [string, string] | undefined {
  const { axes, padding, inChannels, outChannels } = geometry;
  const flavor = convFlavor(geometry);
  const stride = oneOf(axes.map(axis => axis.stride));
  const isPlain = axes.every(axis => axis.dilation === 1) && !bias && activation.name === 'none';
  const keepsSize = padding === 'same-upper' || axes.every(axis => axis.kernel === 1);
  if (!isPlain || !keepsSize || stride === undefined) return undefined;
  const kernel = formatShape(axes.map(axis => axis.kernel));
  if (flavor === 'depthwise' && outChannels === inChannels) {
    return [`Conv dw / s${stride}`, `${kernel}x${inChannels} dw`];
  }
  if (flavor !== 'standard' && flavor !== 'pointwise') return undefined;
  return [`Conv / s${stride}`, `${kernel}x${inChannels}x${outChannels}`];
}

function denseWords({ op, products, bias, activation }: MatmulLayer): readonly [string, string] | undefined {
  const [product] = products;
  if (op !== 'fc' || !product || !bias || activation.name !== 'none') return undefined;
  return ['FC / s1', `${product.k}x${product.n}`];
}

function freeWords({ compute }: FreeLayer): readonly [string, string] | undefined {
  if (compute.type === 'softmax') return ['Softmax / s1', 'Classifier'];
  if (compute.type === 'adaptive-pool' && compute.outputSizes.every(size => size === 1)) {
    return ['Avg Pool / s1', `Pool ${formatShape(compute.input.sizes)}`];
  }
  if (compute.type !== 'pool') return undefined;
  const { axes, padding, ceil } = compute.geometry;
  const stride = oneOf(axes.map(axis => axis.stride));
  const isPlain = padding === 'valid' && !ceil && axes.every(axis => axis.dilation === 1);
  if (!isPlain || stride === undefined) return undefined;
  const name = compute.mode === 'avg' ? 'Avg Pool' : 'Max Pool';
  return [`${name} / s${stride}`, `Pool ${formatShape(axes.map(axis => axis.kernel))}`];
}

/** The one value of all axes; `undefined` where they differ. */
function oneOf(values: readonly number[]): number | undefined {
  return values.every(value => value === values[0]) ? values[0] : undefined;
}
