import { ConvcostError } from '../errors.js';

/** What a number of a budget counts: things, or bytes. */
export type Unit = 'count' | 'bytes';

const scales: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  count: { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  bytes: {
    '': 1,
    B: 1,
    kB: 1e3,
    KB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12,
    KiB: 2 ** 10,
    MiB: 2 ** 20,
    GiB: 2 ** 30,
    TiB: 2 ** 40,
  },
};

const pattern = /^(\d[\d_,]*(?:\.\d+)?)\s*([A-Za-z]*)$/;

/**
 * A limit as people say it, as a whole number: `600M`, `4.3M`, `568,740,352`, `6MiB`. What is left of a unit
 * is cut off: nothing is ever allowed more than was written.
 *
 * @throws ConvcostError `bad-quantity`
 */
export function parseQuantity(written: string | number, unit: Unit): number {
  const [, digits = '', suffix = ''] = pattern.exec(String(written).trim()) ?? [];
  const scale = Object.hasOwn(scales[unit], suffix) ? scales[unit][suffix]! : Number.NaN;
  const value = digits === '' ? Number.NaN : wholeProduct(digits.replace(/[_,]/g, ''), scale);
  if (!Number.isSafeInteger(value)) throw new ConvcostError('bad-quantity', { written, unit });
  return value;
}

/** `4.3` x 1,000,000 in whole numbers: 4.3 * 1e6 must not be 4299999.999. */
function wholeProduct(decimal: string, scale: number): number {
  if (Number.isNaN(scale) || decimal.length > 40) return Number.NaN;
  const [whole = '', fraction = ''] = decimal.split('.');
  return Number((BigInt(whole + fraction) * BigInt(scale)) / 10n ** BigInt(fraction.length));
}

/** How much a number may grow: a share of what it was, or an amount. */
export type Increase =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'amount'; readonly amount: number };

/**
 * `2%`, or an amount in the unit: `1M`.
 *
 * @throws ConvcostError `bad-quantity`
 */
export function parseIncrease(written: string | number, unit: Unit): Increase {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(String(written).trim());
  if (!percent) return { kind: 'amount', amount: parseQuantity(written, unit) };
  return { kind: 'share', share: Number(percent[1]) / 100 };
}

/** The most that `before` may become; growth up to `floor` is never held against anyone. */
export function allowedAfter(before: number, increase: Increase, floor: number): number {
  const growth = increase.kind === 'share' ? Math.floor(before * increase.share) : increase.amount;
  return before + Math.max(growth, floor);
}
