import { fromFeatureMap } from '../../../model/layout.js';
import { attentions } from '../attention.js';
import { recurrentOf } from '../recurrent.js';
import { poolGeometry, poolOutput } from '../windows.js';
import { sameShape } from './elementwise.js';
import type { Rule, Rules } from './rule.js';

const expandDims: Rule = node => {
  const shape = node.shape(0);
  return { shape: shape.toSpliced(node.axis(node.values(1)[0] ?? 0, shape.length + 1), 0, 1) };
};

/** Half of the last axis gates the other half. */
const splitGelu: Rule = node => {
  const shape = node.shape(0);
  return { shape: shape.map((size, axis) => (axis === shape.length - 1 ? Math.floor(size / 2) : size)) };
};

const nhwcPool: Rule = node => ({
  shape: fromFeatureMap(poolOutput(poolGeometry(node, 'channels-last')), 'channels-last'),
});

/** Operators of com.microsoft that keep their shape or move data; products and convolutions stand elsewhere. */
export const microsoft: Rules = {
  ...Object.fromEntries(
    [
      'BiasAdd',
      'BiasGelu',
      'BiasSoftmax',
      'FastGelu',
      'QuickGelu',
      'RotaryEmbedding',
      'GemmaRotaryEmbedding',
      'QOrderedGelu',
    ].map(op => [op, sameShape]),
  ),
  BiasSplitGelu: splitGelu,
  BiasDropout: node => [sameShape(node), { shape: node.input(0).shape, dtype: 'bool' }],
  ExpandDims: expandDims,
  NhwcMaxPool: nhwcPool,
};

const recurrent: Rule = node => recurrentOf(node).outputs.map(shape => ({ shape }));

/** Recurrent layers and attention: several products each. */
export const cells: Rules = {
  RNN: recurrent,
  GRU: recurrent,
  LSTM: recurrent,
  DynamicQuantizeLSTM: recurrent,
  ...Object.fromEntries(
    Object.entries(attentions).map(([op, attention]) => [
      op,
      node => attention(node).outputs.map(shape => ({ shape })),
    ]),
  ),
};
