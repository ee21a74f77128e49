/**
 * Every activation function, by its name in tokens and spec files: what it does to one value, and the
 * defaults of its parameters. To add one, add a line here; tokens, spec files, engines and help follow.
 */
export const activations = {
  none: { defaults: {}, apply: x => x },
  relu: { defaults: {}, apply: x => Math.max(x, 0) },
  relu6: { defaults: {}, apply: x => Math.min(Math.max(x, 0), 6) },
  reluN1To1: { defaults: {}, apply: x => Math.min(Math.max(x, -1), 1) },
  leakyRelu: { defaults: { alpha: 0.01 }, apply: (x, { alpha }) => (x < 0 ? alpha! * x : x) },
  elu: { defaults: { alpha: 1 }, apply: (x, { alpha }) => (x < 0 ? alpha! * Math.expm1(x) : x) },
  clamp: {
    defaults: { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
    apply: (x, { min, max }) => Math.min(Math.max(x, min!), max!),
  },
  sigmoid: { defaults: {}, apply: x => 1 / (1 + Math.exp(-x)) },
  tanh: { defaults: {}, apply: x => Math.tanh(x) },
  silu: { defaults: {}, apply: x => x / (1 + Math.exp(-x)) },
  // ONNX HardSigmoid: max(0, min(1, alpha * x + beta)); PyTorch's and MobileNetV3's alpha is 1/6.
  hardSigmoid: {
    defaults: { alpha: 1 / 6, beta: 0.5 },
    apply: (x, { alpha, beta }) => Math.min(Math.max(alpha! * x + beta!, 0), 1),
  },
  hardswish: { defaults: {}, apply: x => (x * Math.min(Math.max(x + 3, 0), 6)) / 6 },
  gelu: { defaults: {}, apply: x => 0.5 * x * (1 + erf(x / Math.SQRT2)) },
  softplus: { defaults: {}, apply: x => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0) },
  mish: { defaults: {}, apply: x => x * Math.tanh(Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0)) },
} as const satisfies Record<string, ActivationRule>;

type Parameters = Readonly<Record<string, number | undefined>>;

interface ActivationRule {
  readonly defaults: Readonly<Record<string, number>>;
  readonly apply: (x: number, parameters: Parameters) => number;
}

export type ActivationName = keyof typeof activations;

/** An activation with every parameter filled in. */
export interface Activation {
  readonly name: ActivationName;
  readonly parameters: Parameters;
}

export const noActivation: Activation = { name: 'none', parameters: {} };

export const isActivationName = (word: string): word is ActivationName => Object.hasOwn(activations, word);

/** Fills in the defaults. Unknown parameters are the parser's to refuse. */
export const makeActivation = (name: ActivationName, parameters: Parameters = {}): Activation => ({
  name,
  parameters: { ...activations[name].defaults, ...parameters },
});

/** The function of one value that an activation stands for. */
export function activationFunction({ name, parameters }: Activation): (x: number) => number {
  const { apply }: ActivationRule = activations[name];
  return x => apply(x, parameters);
}

/** Abramowitz and Stegun 7.1.26: absolute error below 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}
