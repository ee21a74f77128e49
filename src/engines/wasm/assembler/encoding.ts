/** Bytes of the WebAssembly binary format, in the order they are written. */
export type Code = number[];

/** Unsigned LEB128: seven bits a byte, lowest first. */
export function writeUnsigned(code: Code, value: number): void {
  while (value >= 0x80) {
    code.push((value & 0x7f) | 0x80);
    value = Math.floor(value / 0x80);
  }
  code.push(value);
}

/** Signed LEB128 of a 32-bit integer. */
export function writeSigned(code: Code, value: number): void {
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    const isLast = (value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0);
    code.push(isLast ? low : low | 0x80);
    if (isLast) return;
  }
}

const floatBits = new DataView(new ArrayBuffer(4));

export function writeFloat32(code: Code, value: number): void {
  floatBits.setFloat32(0, value, true);
  for (let byte = 0; byte < 4; byte++) code.push(floatBits.getUint8(byte));
}

/** A length in front of what it counts: strings, sections, bodies and vectors are all written this way. */
export function writeSized(code: Code, bytes: ArrayLike<number>): void {
  writeUnsigned(code, bytes.length);
  for (let at = 0; at < bytes.length; at++) code.push(bytes[at]!);
}

export function writeName(code: Code, name: string): void {
  writeSized(code, new TextEncoder().encode(name));
}
