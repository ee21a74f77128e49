import { ConvcostError } from '../errors.js';

/**
 * The product of whole numbers, exact.
 *
 * @param what names the product in the error, for example `macs of layer conv1`
 * @throws ConvcostError `too-large` where the product passes 2^53 - 1: a rounded count is never returned
 */
export function exactProduct(what: string, factors: readonly number[]): number {
  let product = 1;
  for (const factor of factors) product *= factor;
  if (Number.isSafeInteger(product)) return product;
  return safeNumber(
    what,
    factors.reduce((exact, factor) => exact * BigInt(factor), 1n),
  );
}

/**
 * The sum of whole numbers, exact.
 *
 * @throws ConvcostError `too-large` where the sum passes 2^53 - 1
 */
export function exactSum(what: string, terms: Iterable<number>): number {
  let sum = 0;
  for (const term of terms) {
    if (!Number.isSafeInteger(sum + term)) return safeNumber(what, BigInt(sum) + BigInt(term));
    sum += term;
  }
  return sum;
}

/** A whole number of any size as a `number`, or refused by name. */
export function safeNumber(what: string, exact: bigint): number {
  if (exact > BigInt(Number.MAX_SAFE_INTEGER)) throw new ConvcostError('too-large', { what, value: exact });
  return Number(exact);
}
