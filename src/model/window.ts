import { ConvcostError } from '../errors.js';
import type { Shape } from './shape.js';

/** One number for every axis, or one per axis, outermost first. */
export type PerAxis = number | readonly number[];

/** How padding may be asked for: by rule, as one number, per axis, as begins and then ends, or by edge. */
export type Padding = 'same' | 'same-upper' | 'same-lower' | 'valid' | PerAxis | PaddingEdges;
/** Each edge by itself; unlike a bare list it can be taken for nothing else. */
export interface PaddingEdges {
  readonly begin: PerAxis;
  readonly end: PerAxis;
}
export type PaddingMode = 'explicit' | 'same-upper' | 'same-lower' | 'valid';

/** A sliding window as people write it: what convolutions and pools have in common. */
export interface WindowSpec {
  readonly kernel: PerAxis;
  readonly stride?: PerAxis | undefined;
  readonly padding?: Padding | undefined;
  readonly dilation?: PerAxis | undefined;
  /** Transposed only: added at the end of each axis. */
  readonly outputPadding?: PerAxis | undefined;
  /** Transposed only: the spatial sizes to produce; padding follows from them. */
  readonly outputShape?: Shape | undefined;
}

/**
 * One spatial axis of a sliding window, with its padding as edges.
 *
 * A window relates a fine grid to a coarse one: `fine = coarse * stride + tap * dilation - padBegin`. A
 * convolution reads the fine grid (its input) and writes the coarse one; a transposed convolution reads
 * the coarse grid and writes the fine one. Counter and kernels share this one relation.
 */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
  /** Transposed only, else 0: outputs at the end, beyond what the last tap and `padEnd` give. */
  readonly outputPadding: number;
}

/** What happens where the stride does not divide: drop the rest, or (pools only) keep a last partial window. */
export type WindowKind = 'floor' | 'ceil' | 'transposed';

/** The elements that a kernel spans, holes included. */
export const kernelExtent = ({ kernel, dilation }: Pick<WindowAxis, 'kernel' | 'dilation'>): number =>
  (kernel - 1) * dilation + 1;

/** A kernel of 1 that leaves an axis as it is. */
export const unitAxis = (size: number): WindowAxis => ({
  input: size,
  output: size,
  kernel: 1,
  stride: 1,
  dilation: 1,
  padBegin: 0,
  padEnd: 0,
  outputPadding: 0,
});

/**
 * Output sizes and padding edges of a window over `sizes`, for every counter and every kernel.
 *
 * Sources: ONNX operators Conv, ConvTranspose, MaxPool (explicit and `auto_pad`); TensorFlow's SAME, where
 * out = ceil(in / stride) and the odd element goes to the end (same-upper) or the begin (same-lower).
 *
 * @throws ConvcostError where a number is out of range or the output would be empty
 */
export function resolveAxes(
  spec: WindowSpec,
  sizes: Shape,
  kind: WindowKind,
): { padding: PaddingMode; axes: readonly WindowAxis[] } {
  const count = sizes.length;
  if (typeof spec.kernel !== 'number' && spec.kernel.length !== count) {
    throw new ConvcostError('wrong-rank', { what: 'The layer', axes: count, kernelAxes: spec.kernel.length });
  }
  const kernel = perAxis('Kernel size', spec.kernel, count, 1);
  const stride = perAxis('Stride', spec.stride ?? 1, count, 1);
  const dilation = perAxis('Dilation', spec.dilation ?? 1, count, 1);
  const outputPadding = perAxis('Output padding', spec.outputPadding ?? 0, count, 0);
  const target = spec.outputShape && perAxis('Output shape', spec.outputShape, count, 1);
  const { mode, begins, ends } = resolvePadding(spec.padding ?? 0, count);

  const axes = sizes.map((input, axis): WindowAxis => {
    requireAtLeast('Input size', input, 1);
    const given = {
      input,
      kernel: kernel[axis]!,
      stride: stride[axis]!,
      dilation: dilation[axis]!,
      padBegin: begins[axis]!,
      padEnd: ends[axis]!,
      outputPadding: outputPadding[axis]!,
    };
    if (kind === 'transposed') return transposedAxis(given, mode, target?.[axis], axis);
    return slidingAxis(given, mode, kind, axis);
  });
  return { padding: mode, axes };
}

type AxisWithoutOutput = Omit<WindowAxis, 'output'>;

function slidingAxis(
  given: AxisWithoutOutput,
  mode: PaddingMode,
  kind: WindowKind,
  axis: number,
): WindowAxis {
  const { input, stride } = given;
  const extent = kernelExtent(given);
  if (mode === 'same-upper' || mode === 'same-lower') {
    const output = Math.ceil(input / stride);
    const total = Math.max((output - 1) * stride + extent - input, 0);
    return withOutput(given, output, splitPadding(total, mode));
  }
  const padding = given.padBegin + given.padEnd;
  if (extent > input + padding) throw new ConvcostError('empty-output', { axis, input, padding, extent });
  const steps = (input + padding - extent) / stride;
  let output = Math.floor(steps) + 1;
  // A last partial window counts only where it starts inside the input or the padding before it (PyTorch).
  if (kind === 'ceil' && Math.ceil(steps) * stride < input + given.padBegin) output = Math.ceil(steps) + 1;
  return withOutput(given, output);
}

/** In one piece: of large models there are very many, and an object that is spread takes several times as long. */
const withOutput = (
  { input, kernel, stride, dilation, padBegin, padEnd, outputPadding }: AxisWithoutOutput,
  output: number,
  edges: Pick<WindowAxis, 'padBegin' | 'padEnd'> = { padBegin, padEnd },
): WindowAxis => ({
  input,
  output,
  kernel,
  stride,
  dilation,
  padBegin: edges.padBegin,
  padEnd: edges.padEnd,
  outputPadding,
});

function transposedAxis(
  given: AxisWithoutOutput,
  mode: PaddingMode,
  target: number | undefined,
  axis: number,
): WindowAxis {
  const { input, stride, dilation, outputPadding } = given;
  if (outputPadding > 0 && outputPadding >= Math.max(stride, dilation)) {
    throw new ConvcostError('output-padding-too-large', { axis, outputPadding, stride, dilation });
  }
  const full = (input - 1) * stride + kernelExtent(given);
  const isSame = mode === 'same-upper' || mode === 'same-lower';
  const output = target ?? (isSame ? input * stride : full + outputPadding - given.padBegin - given.padEnd);
  if (output < 1) throw new ConvcostError('output-shape-too-small', { axis, size: output });
  if (target === undefined && !isSame) return { ...given, output };

  // The output is given: the padding follows from it. Explicit begins stay; the end takes what is left.
  const { padBegin } = isSame ? splitPadding(Math.max(full + outputPadding - output, 0), mode) : given;
  const rest = full - padBegin - output;
  return { ...given, output, padBegin, padEnd: Math.max(rest, 0), outputPadding: Math.max(-rest, 0) };
}

/** The odd element of an uneven total goes to the end, or with same-lower to the begin. */
function splitPadding(total: number, mode: PaddingMode): { padBegin: number; padEnd: number } {
  const small = Math.floor(total / 2);
  const large = total - small;
  return mode === 'same-lower' ? { padBegin: large, padEnd: small } : { padBegin: small, padEnd: large };
}

function resolvePadding(
  padding: Padding,
  count: number,
): { mode: PaddingMode; begins: readonly number[]; ends: readonly number[] } {
  const none = new Array<number>(count).fill(0);
  if (typeof padding === 'string') {
    return { mode: padding === 'same' ? 'same-upper' : padding, begins: none, ends: none };
  }
  const { begin, end } = paddingEdges(padding, count);
  return {
    mode: 'explicit',
    begins: perAxis('Padding', begin, count, 0),
    ends: perAxis('Padding', end, count, 0),
  };
}

/** A list holds one number per axis, for both edges; or twice as many, begins and then ends. */
function paddingEdges(padding: PerAxis | PaddingEdges, count: number): PaddingEdges {
  if (isEdges(padding)) return padding;
  if (typeof padding === 'number' || padding.length === count) return { begin: padding, end: padding };
  if (padding.length === 2 * count) return { begin: padding.slice(0, count), end: padding.slice(count) };
  throw new ConvcostError('wrong-pad-count', { count: padding.length, axes: count });
}

const isEdges = (padding: PerAxis | PaddingEdges): padding is PaddingEdges =>
  typeof padding === 'object' && 'begin' in padding;

function perAxis(what: string, value: PerAxis, axes: number, least: 0 | 1): readonly number[] {
  const values = typeof value === 'number' ? new Array<number>(axes).fill(value) : value;
  if (values.length !== axes)
    throw new ConvcostError('wrong-axis-count', { what, count: values.length, axes });
  for (const one of values) requireAtLeast(what, one, least);
  return values;
}

export function requireAtLeast(what: string, value: number, least: 0 | 1): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  if (Number.isInteger(value) && value > 0) throw new ConvcostError('number-too-large', { what, value });
  throw new ConvcostError(least === 1 ? 'not-positive' : 'not-whole', { what, value });
}
