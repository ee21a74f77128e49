import { expect, it } from 'vitest';
import { exactProduct, exactSum } from '../../src/model/exact.js';

it('a product of up to 2^53 - 1 is exact', () => {
  expect(exactProduct('macs', [6361, 69431, 20394401])).toBe(Number.MAX_SAFE_INTEGER);
});

it('a larger one is refused by name, with its exact value', () => {
  expect(() => exactProduct('macs', [2 ** 30, 2 ** 30, 3])).toThrow(
    'The macs: 3458764513820540928 is more than 2^53 - 1',
  );
});

it('a zero makes any product zero, however large the rest', () => {
  expect(exactProduct('macs', [2 ** 40, 2 ** 40, 0])).toBe(0);
});

it('a sum past 2^53 - 1 is refused', () => {
  expect(exactSum('macs', [2 ** 52, 2 ** 52 - 1])).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => exactSum('macs', [2 ** 52, 2 ** 52])).toThrow('9007199254740992');
});
