import type { Activation, ActivationName } from '../../model/activation.js';
import type { FusedOptions } from './api.js';

type Fuse = (parameters: Activation['parameters']) => Omit<FusedOptions, 'bias'>;

/** The activations that TensorFlow.js runs as a part of a layer, on every backend. */
const fused: Readonly<Partial<Record<ActivationName, Fuse>>> = {
  none: () => ({ activation: 'linear' }),
  relu: () => ({ activation: 'relu' }),
  relu6: () => ({ activation: 'relu6' }),
  sigmoid: () => ({ activation: 'sigmoid' }),
  leakyRelu: ({ alpha }) => ({ activation: 'leakyrelu', leakyreluAlpha: alpha! }),
};

export const isFused = ({ name }: Activation): boolean => fused[name] !== undefined;

/** @param activation one that is fused */
export const fusedOptions = ({ name, parameters }: Activation): Omit<FusedOptions, 'bias'> =>
  fused[name]!(parameters);
