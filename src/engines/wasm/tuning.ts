import type { Arithmetic } from './assembler/function.js';
import type { DepthwiseBlock } from './depthwise-rows.js';
import { bestArithmetic } from './features.js';

/** How kernels use the sixteen vector registers of x64; measured for each runtime in docs/kernels.md. */
export interface Tuning {
  readonly arithmetic: Arithmetic;
  /** Columns of a panel of packed weights: 4, 8, 12 or 16. */
  readonly panelColumns: number;
  /** Largest tile of a matrix product, in pixels, by the vectors of its columns: sums, weights and a splat fit. */
  readonly tilePixels: readonly [0, number, number, number, number];
  /** Blocks of a depthwise convolution, best first: smaller ones are for maps whose lines collide in the cache. */
  readonly depthwise: readonly DepthwiseBlock[];
}

const blocks = (...sizes: readonly (readonly [rows: number, pixels: number])[]): readonly DepthwiseBlock[] =>
  sizes.map(([outputRows, blockPixels]) => ({ outputRows, blockPixels }));

export const tunings = {
  /** Node 24, current browsers. */
  current: {
    arithmetic: 'relaxed-madd',
    panelColumns: 8,
    tilePixels: [0, 8, 6, 3, 2],
    depthwise: blocks([2, 4], [1, 4], [2, 2], [1, 2]),
  },
  /** Node 22: its compiler loads every operand of a step before the first product, so fewer sums fit. */
  early: {
    arithmetic: 'relaxed-madd',
    panelColumns: 8,
    tilePixels: [0, 8, 4, 3, 2],
    depthwise: blocks([1, 4], [1, 3], [1, 2]),
  },
  /** Node 20: the same compiler, and no fused instruction. */
  unfused: {
    arithmetic: 'mul-add',
    panelColumns: 16,
    tilePixels: [0, 8, 4, 2, 2],
    depthwise: blocks([1, 4], [1, 3], [1, 2]),
  },
} as const satisfies Record<string, Tuning>;

/** Between Node 22 (12.4) and Node 24 (13.6). */
const firstCurrentV8 = 13;

interface MaybeNode {
  readonly process?: { readonly versions?: { readonly v8?: string } };
}

/** The tuning for this runtime; undefined where it has no SIMD. */
export function chooseTuning(): Tuning | undefined {
  const arithmetic = bestArithmetic();
  if (arithmetic === undefined) return undefined;
  if (arithmetic === 'mul-add') return tunings.unfused;
  const v8 = (globalThis as MaybeNode).process?.versions?.v8;
  const isCurrent = v8 === undefined || Number.parseInt(v8, 10) >= firstCurrentV8;
  return isCurrent ? tunings.current : tunings.early;
}
