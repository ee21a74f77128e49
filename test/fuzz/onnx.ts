import { countNetwork } from '../../src/cost/count.js';
import { ConvcostError } from '../../src/errors.js';
import { parseInputOverrides, readModel, sourceFromBytes } from '../../src/formats/index.js';

const mostMs = 2000;

/** A generator of numbers from 0 to below `limit`, the same for a seed everywhere (mulberry32). */
export function seededRandom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return limit => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

type Random = (limit: number) => number;

const kinds: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => bytes.with(random(bytes.length), random(256)),
  (bytes, random) => {
    const at = random(bytes.length);
    return bytes.with(at, bytes[at]! ^ (1 << random(8)));
  },
  (bytes, random) => bytes.with(random(bytes.length), [0, 1, 0x7f, 0x80, 0xff][random(5)]!),
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(16))]);
  },
  (bytes, random) => {
    const [from, at] = [random(bytes.length), random(bytes.length)];
    return Buffer.concat([
      bytes.subarray(0, at),
      bytes.subarray(from, from + 1 + random(64)),
      bytes.subarray(at),
    ]);
  },
];

/** A file with one to four kinds of damage. */
export function mutate(file: Uint8Array, random: Random): Uint8Array {
  // Every other file keeps its lengths and only has values changed: it gets past the reader.
  const choices = random(2) === 0 ? kinds : kinds.slice(0, 3);
  let bytes = file;
  for (let times = 1 + random(4); times > 0 && bytes.length > 0; times--) {
    bytes = choices[random(choices.length)]!(bytes, random);
  }
  return bytes;
}

/** Reads and counts a file; `problem` says what it did beside counting or a coded error. */
export async function tryToCount(file: Uint8Array): Promise<{ code: string; problem?: string }> {
  const begin = performance.now();
  const code = await readModel(sourceFromBytes(file), {
    name: 'fuzz',
    source: 'fuzz.onnx',
    inputs: parseInputOverrides([]),
  })
    .then(network => countNetwork(network).coverage.kind)
    .catch((error: unknown) => (error instanceof ConvcostError ? error.code : error));
  const ms = performance.now() - begin;
  if (typeof code !== 'string') return { code: 'crash', problem: String((code as Error)?.stack ?? code) };
  return ms > mostMs ? { code, problem: `it took ${ms.toFixed(0)} ms` } : { code };
}
