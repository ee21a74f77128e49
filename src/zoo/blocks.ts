import { children, join, type Module, type Part, type Parts, sequential } from './modules.js';

export type ActivationToken = 'relu' | 'relu6' | 'hardswish' | 'silu';

/** Convolution, batch norm and, but for linear projections, activation: torchvision's Conv2dNormActivation. */
export const convNorm = (conv: string, activation?: ActivationToken, norm = 'bn'): Module =>
  sequential(conv, norm, ...(activation ? [activation] : []));

/** torchvision's BasicConv2d, of GoogLeNet and Inception: its relu is a function. */
export const basicConv = (conv: string): Module =>
  children({ conv, bn: 'bn eps=0.001', relu: 'relu form=function' });

/**
 * Squeeze-and-excitation (Hu et al., arXiv 1709.01507): the channels are scaled by what two pointwise layers
 * make of their averages.
 */
export const squeezeExcite = ({ channels, squeezed, activation, gate }: SqueezeExcite): Module =>
  join(
    'mul',
    {},
    {
      avgpool: 'gap',
      fc1: `pw ${squeezed} bias`,
      activation,
      fc2: `pw ${channels} bias`,
      scale_activation: gate,
    },
  );

export interface SqueezeExcite {
  readonly channels: number;
  readonly squeezed: number;
  readonly activation: ActivationToken;
  readonly gate: 'sigmoid' | 'hardSigmoid';
}

/** The parts, and their input added where they keep its shape. */
export const residualIf = (keepsShape: boolean, parts: Parts): Module =>
  keepsShape ? join('add', parts, {}) : children(parts);

/** What is left of a list of parts that are there under a condition. */
export const present = (...parts: readonly (Part | false)[]): readonly Part[] =>
  parts.filter(part => part !== false);

/** Feature maps to one row of values, as `torch.flatten`. */
export const flatten = 'flatten form=function';
