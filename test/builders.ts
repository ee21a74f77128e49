import fc from 'fast-check';
import { type ConvGeometry, type ConvSpec, resolveConv } from '../src/model/conv.js';
import type { FeatureMap } from '../src/model/layout.js';
import type { Network } from '../src/model/network.js';
import { buildNetwork } from '../src/spec/build.js';
import { parseTokens } from '../src/spec/tokens.js';

/** A network of tokens. */
export const aNetwork = (tokens: string): Network =>
  buildNetwork(parseTokens(tokens), { name: tokens, source: tokens, format: 'tokens' });

/** A 3x3 convolution, 2 to 4 channels over 8x8, unless told otherwise. */
export const aConv = (spec: Partial<ConvSpec> = {}, input: Partial<FeatureMap> = {}): ConvGeometry =>
  resolveConv({ kernel: 3, outChannels: 4, ...spec }, { batch: 1, channels: 2, sizes: [8, 8], ...input });

/** A 2-D convolution that fits its input, written as a spec. */
export const anyConvSpec = fc
  .record({
    channels: fc.integer({ min: 1, max: 6 }),
    outPerGroup: fc.integer({ min: 1, max: 4 }),
    isGrouped: fc.boolean(),
    sizes: fc.tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 5, max: 9 })),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    padding: fc.oneof(
      fc.constantFrom('same' as const, 'same-lower' as const, 'valid' as const),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
    ),
  })
  .map(({ channels, outPerGroup, isGrouped, sizes, ...window }) => {
    const groups = isGrouped ? channels : 1;
    const spec: ConvSpec = { ...window, groups, outChannels: outPerGroup * groups };
    const input: FeatureMap = { batch: 1, channels, sizes };
    return { spec, input };
  });
