import fc from 'fast-check';
import { type ActivationName, makeActivation } from '../../../src/model/activation.js';
import type { LayerSpec, NetworkSpec } from '../../../src/spec/layer-spec.js';

/** What a notation can say, for random chains of layers in it. */
export interface ChainLanguage {
  readonly padding: 'explicit' | 'same';
  readonly dilates: boolean;
  readonly groups: boolean;
  readonly transposes: boolean;
  readonly biases: boolean;
  readonly activations: readonly Exclude<ActivationName, 'none'>[];
  /** Activations of convolutions, in the layer itself. */
  readonly fuses: boolean;
  readonly norms: boolean;
  readonly pools: readonly ('maxpool' | 'avgpool' | 'gap')[];
  readonly order: 'channels-first' | 'channels-last';
}

/** Chains of every kind, with the usual activations: to be spread, and narrowed where a notation says less. */
export const wholeLanguage = {
  padding: 'explicit',
  dilates: true,
  groups: true,
  transposes: true,
  biases: true,
  activations: ['relu', 'relu6', 'hardswish', 'silu', 'sigmoid'],
  fuses: true,
  norms: true,
  pools: ['maxpool', 'avgpool', 'gap'],
  order: 'channels-last',
} as const satisfies ChainLanguage;

const size = (least: number, most: number) => fc.integer({ min: least, max: most });
const channels = fc.constantFrom(2, 4, 6, 8);

/** A random chain: feature maps, large enough for every window, then rows. All channel counts are even, so that two groups always divide. */
export function chains(language: ChainLanguage): fc.Arbitrary<NetworkSpec> {
  const padding =
    language.padding === 'explicit' ? size(0, 2).map(edge => [edge, edge]) : fc.constant('same' as const);
  const fused = language.fuses
    ? fc.option(fc.constantFrom(...language.activations), { nil: undefined })
    : fc.constant(undefined);
  const conv = fc
    .record({
      op: fc.constantFrom<'conv' | 'dw' | 'tconv'>(
        'conv',
        'conv',
        ...(language.transposes ? (['tconv'] as const) : (['dw'] as const)),
      ),
      kernel: fc.tuple(size(1, 3), size(1, 3)),
      stride: size(1, 2),
      padding,
      dilation: language.dilates ? size(1, 2) : fc.constant(1),
      groups: language.groups ? fc.constantFrom(1, 2) : fc.constant(1),
      out: channels,
      bias: language.biases ? fc.boolean() : fc.constant(false),
      activation: fused,
    })
    .map(({ activation, op, ...fields }): LayerSpec => {
      const { out, groups, ...window } = fields;
      const own = op === 'dw' ? { op } : { op, out, groups };
      // TensorFlow has strides or dilation, not both.
      const stride = fields.dilation > 1 && language.padding === 'same' ? 1 : fields.stride;
      return { ...window, ...own, stride, ...(activation && { activation: makeActivation(activation) }) };
    });
  const free = fc.oneof(
    fc.constantFrom(...language.activations).map((op): LayerSpec => ({ op, activation: makeActivation(op) })),
    fc.constantFrom<LayerSpec>(
      ...(language.norms
        ? [{ op: 'bn', epsilon: 0.001 } as const, { op: 'dropout' } as const]
        : [{ op: 'relu', activation: makeActivation('relu') } as const]),
    ),
  );
  const pool = fc.constantFrom(...language.pools.filter(op => op !== 'gap')).map(
    (op): LayerSpec => ({
      op,
      kernel: [2, 2],
      stride: 2,
      padding: language.padding === 'explicit' ? [0, 0] : 'valid',
    }),
  );
  return fc
    .tuple(
      fc.array(fc.oneof(conv, free, pool), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      channels,
      size(400, 450),
    )
    .map(([body, hasHead, out, side]): NetworkSpec => {
      const head: readonly LayerSpec[] = hasHead ? [{ op: 'gap' }, { op: 'flatten' }, { op: 'fc', out }] : [];
      const layers = [...body, ...head].map((layer, index) => ({
        ...layer,
        name: `part${index % 3}_${index}`,
      }));
      const numbers = language.order === 'channels-first' ? [1, 4, side, side] : [side, side, 4];
      return { input: { numbers }, order: language.order, layers };
    });
}
