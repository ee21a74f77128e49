import type { Activation, ActivationName } from '../../model/activation.js';
import type { FusedOptions, Tensor, TensorFlow } from './api.js';

interface ActivationRule {
  /** As a part of a convolution or dense layer, on every backend. */
  fused(parameters: Activation['parameters']): Omit<FusedOptions, 'bias'>;
  /** As an operator of its own. */
  apply(tf: TensorFlow, x: Tensor, parameters: Activation['parameters']): Tensor;
}

/** The activations that TensorFlow.js runs in both ways. */
const rules: Readonly<Partial<Record<ActivationName, ActivationRule>>> = {
  none: { fused: () => ({ activation: 'linear' }), apply: (_, x) => x },
  relu: { fused: () => ({ activation: 'relu' }), apply: (tf, x) => tf.relu(x) },
  relu6: { fused: () => ({ activation: 'relu6' }), apply: (tf, x) => tf.relu6(x) },
  sigmoid: { fused: () => ({ activation: 'sigmoid' }), apply: (tf, x) => tf.sigmoid(x) },
  leakyRelu: {
    fused: ({ alpha }) => ({ activation: 'leakyrelu', leakyreluAlpha: alpha! }),
    apply: (tf, x, { alpha }) => tf.leakyRelu(x, alpha!),
  },
};

export const isKnownActivation = ({ name }: Activation): boolean => rules[name] !== undefined;

/** @param activation one that is known */
export const fusedOptions = ({ name, parameters }: Activation): Omit<FusedOptions, 'bias'> =>
  rules[name]!.fused(parameters);

/** @param activation one that is known */
export const applyActivation = (tf: TensorFlow, x: Tensor, { name, parameters }: Activation): Tensor =>
  rules[name]!.apply(tf, x, parameters);
