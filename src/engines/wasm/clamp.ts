import { type Activation, activationFunction } from '../../model/activation.js';
import type { FunctionBuilder } from './assembler/function.js';
import { f32x4, type Local } from './assembler/values.js';

/** Bounds on an output value; infinite where there is none. */
export interface Clamp {
  readonly min: number;
  readonly max: number;
}

const unbounded: Clamp = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/** How a kernel applies an activation: bounds fused into its stores, and for other functions a pass after. */
export interface FusedActivation {
  readonly clamp: Clamp;
  readonly after: ((output: Float32Array) => void) | undefined;
}

const clamps: Partial<Record<Activation['name'], (parameters: Activation['parameters']) => Clamp>> = {
  none: () => unbounded,
  relu: () => ({ ...unbounded, min: 0 }),
  relu6: () => ({ min: 0, max: 6 }),
  reluN1To1: () => ({ min: -1, max: 1 }),
  clamp: ({ min, max }) => ({ min: min ?? unbounded.min, max: max ?? unbounded.max }),
};

export function fuseActivation(activation: Activation): FusedActivation {
  const clamp = clamps[activation.name]?.(activation.parameters);
  if (clamp) return { clamp, after: undefined };
  const apply = activationFunction(activation);
  return {
    clamp: unbounded,
    after: output => {
      for (let at = 0; at < output.length; at++) output[at] = apply(output[at]!);
    },
  };
}

export function emitClamp(f: FunctionBuilder, value: Local<'v128'>, { min, max }: Clamp): void {
  if (min !== unbounded.min) f.set(value, f32x4.atLeast(value, f32x4.splat(min)));
  if (max !== unbounded.max) f.set(value, f32x4.atMost(value, f32x4.splat(max)));
}
