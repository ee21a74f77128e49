import { ConvcostError } from '../../errors.js';
import { noActivation } from '../../model/activation.js';
import { exactProduct } from '../../model/exact.js';
import { isPermutation } from '../../model/filter-layout.js';
import type { MatmulProduct } from '../../model/layer.js';
import type { FeatureMap } from '../../model/layout.js';
import { requireAtLeast } from '../../model/window.js';
import { biasTensor } from './conv.js';
import type { LayerBuilder } from './layer-builder.js';
import { valueSource } from './values.js';

/** All that is not batch, as one row. */
export const rowLength = ({ channels, sizes }: FeatureMap): number =>
  exactProduct('values of a row', [channels, ...sizes]);

export const denseBuilders = {
  // Reads every value of an image; feature maps are flattened.
  fc: (spec, [input]) => {
    const inFeatures = rowLength(input!);
    const outFeatures = spec.out!;
    requireAtLeast('Number of output channels', outFeatures, 1);
    const product: MatmulProduct = { batch: 1, m: input!.batch, k: inFeatures, n: outFeatures };
    const { bias = true, activation = noActivation } = spec;
    const shape = [outFeatures, inFeatures];
    const values = valueSource(
      'weights',
      spec.weights,
      'OI',
      layout => {
        if (!isPermutation(layout, 'OI'))
          throw new ConvcostError('bad-filter-layout', { layout, letters: 'OI' });
        return layout === 'OI' ? shape : shape.toReversed();
      },
      inFeatures,
    );
    const weight = { part: 'weight', shape, learned: true, values };
    return {
      body: { kind: 'matmul', products: [product], bias, activation, dtype: 'f32' },
      output: { batch: input!.batch, channels: outFeatures, sizes: [] },
      stored: bias ? [weight, biasTensor(spec, outFeatures)] : [weight],
    };
  },
  // [batch, rows, k] by [batch, k, n]: rows are the one spatial axis, k and n the channels.
  matmul: (_spec, [left, right]) => {
    if (left?.sizes.length !== 1 || right?.sizes.length !== 1) {
      throw new ConvcostError('matmul-needs-two', {
        ranks: [left, right].map(map => (map?.sizes.length ?? -2) + 2),
      });
    }
    if (left.channels !== right.sizes[0] || left.batch !== right.batch) {
      throw new ConvcostError('matmul-disagrees', {
        left: [left.batch, left.sizes[0]!, left.channels],
        right: [right.batch, right.sizes[0]!, right.channels],
      });
    }
    const product: MatmulProduct = {
      batch: left.batch,
      m: left.sizes[0]!,
      k: left.channels,
      n: right.channels,
    };
    return {
      body: { kind: 'matmul', products: [product], bias: false, activation: noActivation, dtype: 'f32' },
      output: { batch: left.batch, channels: right.channels, sizes: left.sizes },
    };
  },
} satisfies Record<string, LayerBuilder>;
