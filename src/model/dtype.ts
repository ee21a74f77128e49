/** Bytes of one element; those of 4 and 2 bits are packed. */
const bytesPerElement = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  f8: 1,
  i64: 8,
  u64: 8,
  i32: 4,
  u32: 4,
  i16: 2,
  u16: 2,
  i8: 1,
  u8: 1,
  f4: 0.5,
  i4: 0.5,
  u4: 0.5,
  i2: 0.25,
  u2: 0.25,
  bool: 1,
  string: 0,
  complex64: 8,
  complex128: 16,
} as const satisfies Record<string, number>;

/** How values are stored: `f32`, `f16`, `i8`, ... */
export type DType = keyof typeof bytesPerElement;

/** Bytes of `elements` packed values, rounded up to whole bytes. */
export const bytesOf = (elements: number, dtype: DType): number =>
  Math.ceil(elements * bytesPerElement[dtype]);
