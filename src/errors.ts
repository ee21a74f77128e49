/**
 * Every error that convcost foresees. A message names the thing, the numbers and the next step; it is
 * written here, in one table, from typed details. `place` points into what the user wrote.
 */
export class ConvcostError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'ConvcostError';
  readonly code: Code;
  readonly details: ErrorDetails<Code>;
  /** The layer that the error is about, where it is about one. */
  layer: string | undefined;
  /** Where in the user's text the mistake stands; the innermost place wins. */
  place: Place | undefined;

  constructor(code: Code, details: ErrorDetails<Code>, place?: Place) {
    super((messages[code] as (details: ErrorDetails<Code>) => string)(details));
    this.code = code;
    this.details = details;
    this.place = place;
  }
}

/** A span of the user's text: of command-line tokens, or of a file (1-based line and column). */
export type Place =
  | { readonly kind: 'tokens'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number };

/** Runs `work`; a ConvcostError that leaves it without a place gets this one. */
export function withPlace<T>(place: Place | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConvcostError) error.place ??= place;
    throw error;
  }
}

/** Runs `work`; a ConvcostError that leaves it without a layer's name gets this one. */
export function nameInErrors<T>(layer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConvcostError) error.layer ??= layer;
    throw error;
  }
}

/** `, did you mean 'conv'?`, or nothing. */
const meant = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;

const messages = {
  // Exact numbers
  'too-large': (a: { what: string; value: bigint }) =>
    `The ${a.what}: ${a.value} is more than 2^53 - 1, the largest count kept exactly. Use smaller sizes or a smaller batch.`,

  // Shapes and convolutions
  'no-axes': (a: { shape: readonly number[] }) =>
    `A tensor of ${a.shape.length} axes holds no channels. Give at least a number of channels.`,
  'not-positive': (a: { what: string; value: unknown }) =>
    `${a.what} is ${show(a.value)}, but must be a whole number of at least 1.`,
  'not-whole': (a: { what: string; value: unknown }) =>
    `${a.what} is ${show(a.value)}, but must be a whole number of at least 0.`,
  'wrong-axis-count': (a: { what: string; count: number; axes: number }) =>
    `${a.what} has ${a.count} ${a.count === 1 ? 'value' : 'values'} for ${a.axes} spatial ${a.axes === 1 ? 'axis' : 'axes'}. Give one number, or one per axis.`,
  'wrong-pad-count': (a: { count: number; axes: number }) =>
    `Padding has ${a.count} ${a.count === 1 ? 'value' : 'values'} for ${a.axes} spatial ${a.axes === 1 ? 'axis' : 'axes'}. Give 1, ${a.axes} (one per axis) or ${2 * a.axes} (begins, then ends).`,
  'wrong-rank': (a: { what: string; axes: number; kernelAxes: number }) =>
    `${a.what} has a kernel of ${a.kernelAxes} ${a.kernelAxes === 1 ? 'axis' : 'axes'}, but its input has ${a.axes} spatial ${a.axes === 1 ? 'axis' : 'axes'}. Give the kernel one size per axis of the input.`,
  'channels-not-divisible': (a: { side: 'input' | 'output'; channels: number; groups: number }) =>
    `${a.channels} ${a.side} channels cannot be split into ${a.groups} groups. Choose groups that divide ${a.channels}.`,
  'channels-disagree': (a: { expected: number; actual: number }) =>
    `The layer is written for ${a.expected} input channels, but ${a.actual} flow in. Write ${a.actual}, or change the layer before.`,
  'empty-output': (a: { axis: number; input: number; padding: number; extent: number }) =>
    `The kernel spans ${a.extent} ${a.extent === 1 ? 'element' : 'elements'} on axis ${a.axis}, more than the ${a.input} of the input and its ${a.padding} of padding: the output would be empty. Use a smaller kernel or dilation, or more padding.`,
  'output-padding-too-large': (a: {
    axis: number;
    outputPadding: number;
    stride: number;
    dilation: number;
  }) =>
    `Output padding ${a.outputPadding} on axis ${a.axis} must be smaller than the stride (${a.stride}) or the dilation (${a.dilation}).`,
  'output-shape-too-small': (a: { axis: number; size: number }) =>
    `The transposed convolution would have ${a.size} outputs on axis ${a.axis}. Use less padding or a larger input.`,
} satisfies Record<string, (details: never) => string>;

export type ErrorCode = keyof typeof messages;
export type ErrorDetails<Code extends ErrorCode> = Parameters<(typeof messages)[Code]>[0];

/** A value from outside, short enough for a message and with control characters escaped. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
