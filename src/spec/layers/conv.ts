import { ConvcostError } from '../../errors.js';
import { noActivation } from '../../model/activation.js';
import { type ConvSpec, convFanIn, convOutput, convWeightShape, resolveConv } from '../../model/conv.js';
import { canonicalFilterLetters, filterShape } from '../../model/filter-layout.js';
import type { FeatureMap } from '../../model/layout.js';
import type { LayerSpec } from '../layer-spec.js';
import type { BuiltLayer, LayerBuilder, StoredTensor } from './layer-builder.js';
import { biasSource, valueSource } from './values.js';

/** Every convolution: `own` is what the kind of layer says of groups, channels and kernel. */
function buildConv(spec: LayerSpec, input: FeatureMap, own: Partial<ConvSpec>): BuiltLayer {
  const geometry = resolveConv(
    {
      kernel: spec.kernel ?? 1,
      stride: spec.stride,
      padding: spec.padding ?? 'same',
      dilation: spec.dilation,
      outChannels: spec.out ?? input.channels,
      groups: spec.groups,
      outputPadding: spec.outputPadding,
      outputShape: spec.outputShape,
      ...own,
    },
    input,
  );
  if (spec.bias === false && spec.biasValues) throw new ConvcostError('bias-refused', {});
  const { bias = spec.biasValues !== undefined, activation = noActivation } = spec;
  const weight: StoredTensor = {
    part: 'weight',
    shape: convWeightShape(geometry),
    learned: true,
    values: valueSource(
      'weights',
      spec.weights,
      canonicalFilterLetters('', geometry),
      layout => filterShape(layout, geometry),
      convFanIn(geometry),
    ),
  };
  return {
    body: { kind: 'conv', geometry, bias, activation, dtype: 'f32' },
    output: convOutput(geometry),
    stored: bias ? [weight, biasTensor(spec, geometry.outChannels)] : [weight],
  };
}

export const biasTensor = ({ biasValues }: LayerSpec, outChannels: number): StoredTensor => ({
  part: 'bias',
  shape: [outChannels],
  learned: true,
  values: biasSource(biasValues, outChannels),
});

/** Output channels of a depthwise convolution: written, or input channels times the multiplier. */
function depthwiseChannels({ out, multiplier = 1 }: LayerSpec, channels: number): number {
  const outChannels = channels * multiplier;
  if (out === undefined || out === outChannels) return outChannels;
  if (multiplier === 1 && out % channels === 0) return out;
  throw new ConvcostError('depthwise-channels', { out, channels, multiplier });
}

export const convBuilders = {
  conv: (spec, [input]) => buildConv(spec, input!, {}),
  dw: (spec, [input]) =>
    buildConv(spec, input!, {
      groups: input!.channels,
      outChannels: depthwiseChannels(spec, input!.channels),
    }),
  pw: (spec, [input]) => buildConv(spec, input!, { kernel: 1 }),
  tconv: (spec, [input]) => buildConv(spec, input!, { transposed: true }),
} satisfies Record<string, LayerBuilder>;
