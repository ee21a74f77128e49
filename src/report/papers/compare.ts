import type { PaperFact, PaperQuantity } from '../report.js';

/** How a quantity is printed, and the unit of what the paper prints. */
export const quantities = {
  top1: { title: 'top-1 %', unit: 1 },
  row: { title: 'type / stride', unit: 1 },
  input: { title: 'input', unit: 1 },
  macs: { title: 'M macs', unit: 1e6 },
  params: { title: 'M params', unit: 1e6 },
  macShare: { title: '% of macs', unit: 0.01 },
  paramShare: { title: '% of params', unit: 0.01 },
} as const satisfies Record<PaperQuantity, { title: string; unit: number }>;

/** A figure of the paper and our exact one. Papers round or cut off: both agree. */
export function compareFigure(quantity: PaperQuantity, theirs: string, ours: number): PaperFact {
  const decimals = theirs.split('.')[1]?.length ?? 0;
  const scaled = ours / quantities[quantity].unit;
  const agrees = Math.abs(scaled - Number(theirs)) < 10 ** -decimals;
  return { quantity, theirs, ours, agrees };
}

export const compareText = (quantity: PaperQuantity, theirs: string, ours: string): PaperFact => ({
  quantity,
  theirs,
  ours,
  agrees: theirs === ours,
});
