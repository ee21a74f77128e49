import { describe, expect, it } from 'vitest';
import { allowedAfter, parseIncrease, parseQuantity, type Unit } from '../../src/budget/quantity.js';

describe('quantities, as people say them', () => {
  it.each<[string | number, Unit, number]>([
    // written, unit, whole number
    ['600M', 'count', 600_000_000],
    ['4.3M', 'count', 4_300_000],
    ['0.29M', 'count', 290_000],
    ['1.1 G', 'count', 1_100_000_000],
    ['12k', 'count', 12_000],
    ['568,740,352', 'count', 568_740_352],
    ['568_740_352', 'count', 568_740_352],
    [568740352, 'count', 568_740_352],
    ['0', 'count', 0],
    ['1.9999', 'count', 1],
    ['6MiB', 'bytes', 6_291_456],
    ['6 MB', 'bytes', 6_000_000],
    ['600kB', 'bytes', 600_000],
    ['1.5KiB', 'bytes', 1536],
    ['17B', 'bytes', 17],
    [6291456, 'bytes', 6_291_456],
  ])('%s %s', (written, unit, value) => {
    expect(parseQuantity(written, unit)).toBe(value);
  });

  it.each<[unknown, Unit]>([
    ['6M', 'bytes'],
    ['6MiB', 'count'],
    ['600m', 'count'],
    ['-1', 'count'],
    [-1, 'count'],
    ['1e9', 'count'],
    [1e300, 'count'],
    [Number.NaN, 'count'],
    ['', 'count'],
    ['M', 'count'],
    ['2%', 'count'],
    ['9'.repeat(60), 'count'],
    ['9007199254740992', 'count'],
    ['1constructor', 'count'],
    ['1toString', 'bytes'],
  ])('%s is refused as %s', (written, unit) => {
    expect(() => parseQuantity(written as string, unit)).toThrow(
      expect.objectContaining({ code: 'bad-quantity' }),
    );
  });
});

describe('increases', () => {
  it.each<[string, number, number, number]>([
    // written, before, floor, allowed after
    ['2%', 1000, 0, 1020],
    ['2%', 1000, 50, 1050],
    ['0.5%', 1000, 0, 1005],
    ['2%', 99, 0, 100],
    ['1M', 1000, 0, 1_001_000],
    ['0%', 1000, 0, 1000],
  ])('%s of %i, floor %i', (written, before, floor, after) => {
    expect(allowedAfter(before, parseIncrease(written, 'count'), floor)).toBe(after);
  });

  it.each(['-2%', '%', '2 percent', '2%%'])('%s is refused', written => {
    expect(() => parseIncrease(written, 'count')).toThrow(expect.objectContaining({ code: 'bad-quantity' }));
  });
});
