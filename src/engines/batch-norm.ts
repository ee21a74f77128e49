import type { FreeLayer, Layer } from '../model/layer.js';
import type { ProblemWeights } from './engine.js';

/** A batch norm layer, whose four stored tensors are scale, shift, mean and variance, a value a channel each. */
export type BatchNormLayer = FreeLayer & { readonly compute: { readonly type: 'batch-norm' } };

export const isBatchNorm = (layer: Layer): layer is BatchNormLayer =>
  layer.kind === 'free' && layer.compute.type === 'batch-norm';

/**
 * A convolution's weights and bias with the batch norm behind it folded in, as at inference:
 * `(w x + b - mean) * s + shift`, where s = scale / sqrt(variance + epsilon), is `(s w) x + (b - mean) * s + shift`.
 *
 * @param weights `[weight, bias?]`, the weight with output channels outermost
 */
export function foldBatchNorm(
  [weight, bias]: ProblemWeights,
  [scale, shift, mean, variance]: ProblemWeights,
  { compute }: BatchNormLayer,
): ProblemWeights {
  const channels = scale!.length;
  const perChannel = weight!.length / channels;
  const factors = scale!.map((value, c) => value / Math.sqrt(variance![c]! + compute.epsilon));
  return [
    weight!.map((value, i) => value * factors[Math.floor(i / perChannel)]!),
    factors.map((factor, c) => ((bias?.[c] ?? 0) - mean![c]!) * factor + shift![c]!),
  ];
}
