import { ConvcostError, type Place } from '../errors.js';

/** `64`: decimal digits, at most 2^53 - 1. `1e309`, `NaN`, `-1` and `1.5` are refused as written. */
export function parseWhole(text: string, what: string, place?: Place, least: 0 | 1 = 0): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new ConvcostError('not-a-whole-number', { what, text }, place);
  if (value < least) throw new ConvcostError('not-positive', { what, value }, place);
  return value;
}

/** `3x3`, `224x224x3`, `2`. */
export const parseSizes = (text: string, what: string, place?: Place, least: 0 | 1 = 0): readonly number[] =>
  text.split('x').map(size => parseWhole(size, what, place, least));

/** One number stands for every axis. */
export const perAxisOf = (numbers: readonly number[]): number | readonly number[] =>
  numbers.length === 1 ? numbers[0]! : numbers;

/** A finite number with decimals: `0.1`, `-3`, `1e-5`. */
export function parseNumber(text: string, what: string, place?: Place): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new ConvcostError('not-a-number', { what, text }, place);
  return value;
}
