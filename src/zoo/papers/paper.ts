import type { ConvFlavor } from '../../model/conv.js';
import type { Layer } from '../../model/layer.js';
import type { Network } from '../../model/network.js';

/** A paper's tables beside our counts: data, for a reporter to show. */
export interface PaperReport {
  readonly kind: 'paper';
  readonly title: string;
  readonly source: string;
  readonly tables: readonly PaperTable[];
}

export interface PaperTable {
  readonly number: number;
  readonly title: string;
  readonly rows: readonly PaperRow[];
}

export interface PaperRow {
  readonly label: string;
  readonly facts: readonly Fact[];
  /** Why ours differs, where it does. */
  readonly notes: readonly string[];
}

/** One thing that the paper prints, and what we find. */
export interface Fact {
  readonly quantity: Quantity;
  /** As printed; absent where the paper says nothing. */
  readonly theirs?: string;
  /** A count, a share (0 to 1) or a text; absent where it is not ours to find (accuracy). */
  readonly ours?: number | string;
  readonly agrees: boolean;
}

/** How a quantity is printed, and the unit of what the paper prints. */
export const quantities = {
  top1: { title: 'top-1 %', unit: 1 },
  row: { title: 'type / stride', unit: 1 },
  input: { title: 'input', unit: 1 },
  macs: { title: 'M macs', unit: 1e6 },
  params: { title: 'M params', unit: 1e6 },
  macShare: { title: '% of macs', unit: 0.01 },
  paramShare: { title: '% of params', unit: 0.01 },
} as const satisfies Record<string, { title: string; unit: number }>;

export type Quantity = keyof typeof quantities;

/** What the counter finds; it is handed in, so that the zoo depends on no counter. */
export interface Counted {
  readonly layers: readonly {
    readonly layer: Layer;
    readonly flavor: ConvFlavor | 'matmul' | 'free' | 'unknown' | 'folded';
    readonly macs: number;
    readonly params: number;
  }[];
  readonly totals: { readonly macs: number; readonly params: number };
}

export type CountNetwork = (network: Network) => Counted;

/** A figure of the paper and our exact one. Papers round or cut off: both agree. */
export function compareFigure(quantity: Quantity, theirs: string, ours: number): Fact {
  const decimals = theirs.split('.')[1]?.length ?? 0;
  const scaled = ours / quantities[quantity].unit;
  const agrees = Math.abs(scaled - Number(theirs)) < 10 ** -decimals;
  return { quantity, theirs, ours, agrees };
}

export const compareText = (quantity: Quantity, theirs: string, ours: string): Fact => ({
  quantity,
  theirs,
  ours,
  agrees: theirs === ours,
});
