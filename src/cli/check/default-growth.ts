import type { GrowthLimit } from '../../budget/budget.js';

/** Where a baseline is in force and a budget does not say how much may grow: nothing. */
export const defaultGrowth: readonly GrowthLimit[] = (['macs', 'params'] as const).map(metric => ({
  metric,
  increase: { kind: 'share', share: 0 },
  floor: 0,
  written: '0%',
  place: undefined,
}));
