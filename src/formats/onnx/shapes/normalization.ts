import type { Shape } from '../../../model/shape.js';
import type { NodeContext } from '../node-context.js';
import type { Inferred } from '../value.js';
import { sameShape } from './elementwise.js';
import type { Rule, Rules } from './rule.js';

/** The statistics of the axes from `axis` on: one value where they were. */
const statistics = (node: NodeContext, fallback: number): Shape | undefined => {
  const { shape } = node.input(0);
  if (shape === undefined) return undefined;
  const first = node.axis(node.int('axis', fallback), shape.length);
  return shape.map((size, axis) => (axis < first ? size : 1));
};

const layerNorm: Rule = node => {
  const shape = statistics(node, -1);
  return [sameShape(node), { shape, dtype: 'f32' }, { shape, dtype: 'f32' }];
};

/** com.microsoft: the sum of input and skip is the fourth output. */
const skipLayerNorm: Rule = node => {
  const shape = statistics(node, -1);
  return [sameShape(node), { shape, dtype: 'f32' }, { shape, dtype: 'f32' }, sameShape(node)];
};

/** Beyond the first, statistics of the channels: of training, in the forms that opsets gave them. */
const batchNorm: Rule = node => {
  const channels: Inferred = { shape: node.inputs[1]?.shape };
  return [sameShape(node), channels, channels, channels, channels];
};

/** com.microsoft: word, position and segment embeddings are added up and normalised. */
const embedLayerNorm: Rule = node => {
  const [batch = 0, length = 0] = node.shape(0);
  const table = node.input(2);
  const shape = [batch, length, node.shape(2)[1] ?? 0];
  return [
    { shape, dtype: table.dtype },
    { shape: [batch], dtype: 'i32' },
    { shape, dtype: table.dtype },
  ];
};

export const normalization: Rules = {
  BatchNormalization: batchNorm,
  InstanceNormalization: sameShape,
  GroupNormalization: sameShape,
  LayerNormalization: layerNorm,
  RMSNormalization: layerNorm,
  SimplifiedLayerNormalization: layerNorm,
  LpNormalization: sameShape,
  LRN: sameShape,
  MeanVarianceNormalization: sameShape,
  SkipLayerNormalization: skipLayerNorm,
  SkipSimplifiedLayerNormalization: skipLayerNorm,
  EmbedLayerNormalization: embedLayerNorm,
  GroupNorm: sameShape,
  SkipGroupNorm: node => [sameShape(node), sameShape(node)],
};
