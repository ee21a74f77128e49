import fc from 'fast-check';
import type { ConvSpec } from '../src/model/conv.js';
import type { FeatureMap } from '../src/model/layout.js';
import { kernelExtent } from '../src/model/window.js';

/** A convolution as written, with the feature maps that flow in: always one that can be resolved. */
export interface RandomConv {
  readonly spec: ConvSpec;
  readonly input: FeatureMap;
}

interface RandomAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
  readonly outputPadding: number;
  /** Input beyond the least that gives an output. */
  readonly extra: number;
}

const upTo = (max: number) => fc.integer({ min: 0, max });
const from1 = (max: number) => fc.integer({ min: 1, max });

const randomAxis: fc.Arbitrary<RandomAxis> = fc.record({
  kernel: from1(3),
  stride: from1(3),
  dilation: from1(3),
  begin: upTo(2),
  end: upTo(2),
  outputPadding: upTo(2),
  extra: upTo(3),
});

interface Choices {
  readonly transposed?: boolean;
  readonly padding?: 'any' | 'explicit' | 'none';
  readonly batch?: number;
}

/**
 * Convolutions of 1, 2 and 3 axes, in groups, of every stride, dilation and padding, small enough to try
 * hundreds.
 */
export function randomConv({ transposed, padding = 'any', batch }: Choices = {}): fc.Arbitrary<RandomConv> {
  return fc
    .record({
      axes: fc.array(randomAxis, { minLength: 1, maxLength: 3 }),
      transposed: transposed === undefined ? fc.boolean() : fc.constant(transposed),
      mode:
        padding === 'any'
          ? fc.constantFrom('explicit', 'explicit', 'same-upper', 'same-lower', 'valid')
          : fc.constant(padding),
      batch: batch === undefined ? fc.constantFrom(1, 1, 2, 0) : fc.constant(batch),
      groups: from1(3),
      groupIn: from1(3),
      groupOut: from1(3),
    })
    .map(choice => {
      const isExplicit = choice.mode === 'explicit';
      const axes = choice.axes.map(axis => (isExplicit ? axis : { ...axis, begin: 0, end: 0 }));
      return {
        spec: {
          kernel: axes.map(axis => axis.kernel),
          stride: axes.map(axis => axis.stride),
          dilation: axes.map(axis => axis.dilation),
          padding: writtenPadding(choice.mode, axes),
          ...(choice.transposed && {
            transposed: true,
            outputPadding: axes.map(({ outputPadding, stride, dilation }) =>
              Math.min(outputPadding, Math.max(stride, dilation) - 1),
            ),
          }),
          groups: choice.groups,
          outChannels: choice.groups * choice.groupOut,
        },
        input: {
          batch: choice.batch,
          channels: choice.groups * choice.groupIn,
          sizes: axes.map(axis => leastInput(axis, choice.transposed) + axis.extra),
        },
      };
    });
}

function writtenPadding(mode: string, axes: readonly RandomAxis[]): NonNullable<ConvSpec['padding']> {
  if (mode === 'same-upper' || mode === 'same-lower') return mode;
  return { begin: axes.map(axis => axis.begin), end: axes.map(axis => axis.end) };
}

/** The smallest input that gives an output. */
function leastInput(axis: RandomAxis, transposed: boolean): number {
  const padding = axis.begin + axis.end;
  const extent = kernelExtent(axis);
  return Math.max(1, transposed ? Math.ceil((padding + 1 - extent) / axis.stride) + 1 : extent - padding);
}

/** Whole numbers, small: float32 sums of their products are exact, in any order. */
export const smallIntegers = (length: number, seed: number): Float32Array => {
  let state = (seed * 2 + 1) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 28) - 8;
  });
};
