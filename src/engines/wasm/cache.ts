/** The first level data cache that kernels are laid out for: 32 KB, 8 ways, lines of 64 bytes. */
const cache = { bytes: 32_768, ways: 8, lineBytes: 64 };

/**
 * Whether `count` lines whose addresses are multiples of `strideBytes` evict each other: a large power of
 * two as stride maps them all to a few sets, of `ways` lines each.
 */
export function linesCollide(count: number, strideBytes: number): boolean {
  const setSpan = cache.bytes / cache.ways;
  const step = Math.max(greatestCommonDivisor(strideBytes, setSpan), cache.lineBytes);
  return count > cache.ways * (setSpan / step);
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
