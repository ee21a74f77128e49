import { convOutput } from '../../../model/conv.js';
import { fromFeatureMap } from '../../../model/layout.js';
import type { NodeContext } from '../node-context.js';
import { dtypeOf } from '../stored-tensor.js';
import type { Inferred } from '../value.js';
import { convForms, convGeometry, convOrder, poolGeometry, poolOutput } from '../windows.js';
import type { Rule, Rules } from './rule.js';

const conv: Rule = node => {
  const geometry = convGeometry(node, convForms[node.op]!);
  const dtype =
    node.op === 'ConvInteger' ? 'i32' : node.op === 'QLinearConv' ? node.inputs[7]?.dtype : undefined;
  return { shape: fromFeatureMap(convOutput(geometry), convOrder(node)), dtype };
};

const pool: Rule = node => {
  const shape = fromFeatureMap(poolOutput(poolGeometry(node)), 'channels-first');
  return [{ shape }, { shape, dtype: 'i64' }];
};

const quantizedPool: Rule = node => {
  const order = node.int('channels_last', 0) === 1 ? 'channels-last' : 'channels-first';
  return { shape: fromFeatureMap(poolOutput(poolGeometry(node, order)), order) };
};

const globalPool: Rule = node => ({ shape: node.shape(0).map((size, axis) => (axis < 2 ? size : 1)) });

const quantizedGlobalPool: Rule = node =>
  node.int('channels_last', 0) === 1
    ? { shape: node.shape(0).map((size, axis, { length }) => (axis === 0 || axis === length - 1 ? size : 1)) }
    : globalPool(node);

/** The inverse of a MaxPool: its output shape is given, or follows from the window. */
const maxUnpool: Rule = node => {
  const given = node.optionalValues(2);
  if (given) return { shape: given };
  const [batch = 1, channels = 1, ...sizes] = node.shape(0);
  const kernel = node.ints('kernel_shape') ?? [];
  const strides = node.ints('strides') ?? sizes.map(() => 1);
  const pads = node.ints('pads') ?? sizes.flatMap(() => [0, 0]);
  return {
    shape: [
      batch,
      channels,
      ...sizes.map((size, axis) => {
        const edges = (pads[axis] ?? 0) + (pads[axis + sizes.length] ?? 0);
        return (size - 1) * (strides[axis] ?? 1) + (kernel[axis] ?? 1) - edges;
      }),
    ],
  };
};

const roiPool: Rule = node => ({
  shape: [node.shape(1)[0] ?? 0, node.shape(0)[1] ?? 0, ...(node.ints('pooled_shape') ?? [])],
});

const roiAlign: Rule = node => ({
  shape: [
    node.shape(1)[0] ?? 0,
    node.shape(0)[1] ?? 0,
    node.int('output_height', 1),
    node.int('output_width', 1),
  ],
});

/** Scales are float32, and so is their product with a size before it is rounded down. */
const scaled = (size: number, scale: number): number => Math.floor(Math.fround(size * Math.fround(scale)));

/**
 * Upsample had its scales as an attribute (7), then as an input (9); Resize got sizes as another (11), and
 * axes and an aspect ratio to keep (18).
 */
const resize: Rule = node => {
  const shape = node.shape(0);
  const isOld = node.op === 'Upsample' || node.opset < 11;
  const sizes = isOld ? undefined : node.optionalValues(3);
  const axes = (node.ints('axes') ?? shape.map((_, axis) => axis)).map(axis =>
    node.axis(axis, shape.length, 'axes'),
  );
  const result = [...shape];
  if (sizes) {
    if (sizes.length !== axes.length) node.refuse('sizes', sizes, `${axes.length} numbers`);
    const kept = keptScale(
      node,
      axes.map((axis, index) => sizes[index]! / shape[axis]!),
    );
    for (const [index, axis] of axes.entries()) {
      result[axis] = kept === undefined ? sizes[index]! : Math.round(shape[axis]! * kept);
    }
    return { shape: result };
  }
  const scales = scalesOf(node, isOld ? 1 : 2);
  if (scales.length !== axes.length) node.refuse('scales', scales, `${axes.length} numbers`);
  const roi =
    node.text('coordinate_transformation_mode', '') === 'tf_crop_and_resize'
      ? node.optionalValues(1)
      : undefined;
  for (const [index, axis] of axes.entries()) {
    const part = roi ? roi[index + axes.length]! - roi[index]! : 1;
    result[axis] = scaled(shape[axis]! * part, scales[index]!);
  }
  return { shape: result };
};

function scalesOf(node: NodeContext, index: number): readonly number[] {
  const legacy = node.attribute('scales')?.floats;
  if (legacy?.length) return legacy;
  if (node.attribute('height_scale'))
    return [1, 1, node.float('height_scale', 1), node.float('width_scale', 1)];
  return node.values(index);
}

function keptScale(node: NodeContext, scales: readonly number[]): number | undefined {
  const policy = node.text('keep_aspect_ratio_policy', 'stretch');
  if (policy === 'stretch') return undefined;
  return policy === 'not_larger' ? Math.min(...scales) : Math.max(...scales);
}

const gridSample: Rule = node => {
  const [batch = 1, channels = 1] = node.shape(0);
  return { shape: [batch, channels, ...node.shape(1).slice(1, -1)] };
};

const col2im: Rule = node => {
  const [batch = 1, columns = 0] = node.shape(0);
  const block = node.values(2).reduce((product, size) => product * size, 1);
  return { shape: [batch, columns / block, ...node.values(1)] };
};

const centerCropPad: Rule = node => {
  const shape = [...node.shape(0)];
  const sizes = node.values(1);
  const axes = node.ints('axes') ?? shape.map((_, axis) => axis);
  for (const [index, axis] of axes.entries())
    shape[node.axis(axis, shape.length, 'axes')] = sizes[index] ?? 0;
  return { shape };
};

const cropAndResize: Rule = node => {
  const [height = 1, width = 1] = node.values(3);
  return { shape: [node.shape(1)[0] ?? 0, node.shape(0)[1] ?? 0, height, width] };
};

const decodeImage: Rule = (): Inferred => ({ shape: undefined, dtype: dtypeOf(2) });

export const spatial: Rules = {
  ...Object.fromEntries(Object.keys(convForms).map(op => [op, conv])),
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalMaxPool: globalPool,
  GlobalAveragePool: globalPool,
  GlobalLpPool: globalPool,
  MaxUnpool: maxUnpool,
  MaxRoiPool: roiPool,
  RoiAlign: roiAlign,
  Resize: resize,
  Upsample: resize,
  GridSample: gridSample,
  Col2Im: col2im,
  CenterCropPad: centerCropPad,
  ImageDecoder: decodeImage,
  CropAndResize: cropAndResize,
  QLinearAveragePool: quantizedPool,
  QLinearGlobalAveragePool: quantizedGlobalPool,
};
