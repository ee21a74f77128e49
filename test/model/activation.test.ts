import { describe, expect, it } from 'vitest';
import {
  type ActivationName,
  activationFunction,
  activations,
  makeActivation,
} from '../../src/model/activation.js';

/** Values from the functions' definitions (PyTorch and ONNX documentation), at -4, -1, 0, 1 and 8. */
const expected: Readonly<Record<ActivationName, readonly number[]>> = {
  none: [-4, -1, 0, 1, 8],
  relu: [0, 0, 0, 1, 8],
  relu6: [0, 0, 0, 1, 6],
  reluN1To1: [-1, -1, 0, 1, 1],
  leakyRelu: [-0.04, -0.01, 0, 1, 8],
  elu: [-0.9816844, -0.6321206, 0, 1, 8],
  clamp: [-4, -1, 0, 1, 8],
  sigmoid: [0.0179862, 0.2689414, 0.5, 0.7310586, 0.9996646],
  tanh: [-0.9993293, -0.7615942, 0, 0.7615942, 0.9999998],
  silu: [-0.0719448, -0.2689414, 0, 0.7310586, 7.997317],
  hardSigmoid: [0, 0.3333333, 0.5, 0.6666667, 1],
  hardswish: [0, -0.3333333, 0, 0.6666667, 8],
  gelu: [-0.0001267, -0.1586553, 0, 0.8413447, 8],
  softplus: [0.0181499, 0.3132617, Math.LN2, 1.3132617, 8.0003354],
  mish: [-0.0725918, -0.3034015, 0, 0.8650984, 7.999998],
};

describe('activations', () => {
  it.each(Object.keys(activations) as ActivationName[])('%s', name => {
    const apply = activationFunction(makeActivation(name));
    [-4, -1, 0, 1, 8].forEach((x, i) => {
      expect(apply(x)).toBeCloseTo(expected[name][i]!, 5);
    });
  });

  it('parameters go before defaults', () => {
    expect(activationFunction(makeActivation('clamp', { min: 0, max: 2 }))(5)).toBe(2);
    expect(activationFunction(makeActivation('hardSigmoid', { alpha: 0.2 }))(1)).toBeCloseTo(0.7);
  });
});
