import type { Arithmetic } from '../engines/wasm/assembler/function.js';
import { ModuleBuilder } from '../engines/wasm/assembler/module.js';
import { f32x4, i32, int } from '../engines/wasm/assembler/values.js';
import { hasArithmetic } from '../engines/wasm/features.js';
import { Arena } from '../engines/wasm/memory.js';
import { instantiate, type WasmFunction, webAssembly } from '../engines/wasm/web-assembly.js';
import { median } from './statistics.js';

/** What one core does at best, in the 128-bit vectors of WebAssembly: the ceiling for kernels. */
export interface MachineLimits {
  /** 10^9 multiply-adds of float32 a second, by how they are computed; absent: the runtime has it not. */
  readonly gmacsPerSecond: Readonly<Partial<Record<Arithmetic, number>>>;
  /** The faster of them; 0 without SIMD. */
  readonly peakGmacsPerSecond: number;
  readonly bandwidth: readonly Bandwidth[];
}

/** 10^9 bytes a second, read and written together, over arrays of a size. */
export interface Bandwidth {
  readonly arrayBytes: number;
  readonly copyGBPerSecond: number;
  /** `a = b + 3 c`. */
  readonly triadGBPerSecond: number;
}

/** First and second level cache, last level, memory. */
const arraySizes = [16_384, 262_144, 4_194_304, 67_108_864] as const;

/** Enough independent chains to hide the latency of an operation: 4 cycles by 2 units, and some. */
const chains = 12;
const stepsPerCall = 20_000;
const macsPerCall: Readonly<Record<Arithmetic, number>> = {
  'relaxed-madd': chains * 4 * stepsPerCall,
  // Half of the chains multiply, half of them add.
  'mul-add': (chains / 2) * 4 * stepsPerCall,
};
const rounds = 7;

/**
 * Measures the limits, in about half a second on one core. Kernels are compared with limits of the same run:
 * a shared machine changes its speed from minute to minute.
 *
 * @param now milliseconds from any fixed moment
 */
export function measureMachineLimits(now: () => number): MachineLimits {
  const arithmetics = (['mul-add', 'relaxed-madd'] as const).filter(hasArithmetic);
  if (arithmetics.length === 0) return { gmacsPerSecond: {}, peakGmacsPerSecond: 0, bandwidth: [] };
  const arena = new Arena();
  const address = arena.reserve(3 * (arraySizes.at(-1)! + 4096));
  const gmacsPerSecond = Object.fromEntries(
    arithmetics.map(arithmetic => {
      const { sums } = compile(arena, arithmetic);
      return [arithmetic, macsPerCall[arithmetic] / bestMs(now, () => sums!(address), 60) / 1e6];
    }),
  );
  const streams = compile(arena, 'mul-add');
  return {
    gmacsPerSecond,
    peakGmacsPerSecond: Math.max(...Object.values(gmacsPerSecond)),
    bandwidth: arraySizes.map(size => measureBandwidth(now, streams, address, size)),
  };
}

/**
 * The peak as work that can be run among other work: what the vector unit does at best at that very moment.
 * Undefined without SIMD.
 */
export function peakProbe(): { readonly run: () => void; readonly macs: number } | undefined {
  const arithmetic = (['relaxed-madd', 'mul-add'] as const).find(hasArithmetic);
  if (arithmetic === undefined) return undefined;
  const arena = new Arena();
  const address = arena.reserve(1024);
  const { sums } = compile(arena, arithmetic);
  return { run: () => sums!(address), macs: macsPerCall[arithmetic] };
}

function measureBandwidth(
  now: () => number,
  { copy, triad }: Readonly<Record<string, WasmFunction>>,
  address: number,
  arrayBytes: number,
): Bandwidth {
  // Arrays that start in different sets of the cache.
  const places = [0, 1, 2].map(array => address + array * (arrayBytes + 1088)) as [number, number, number];
  const passes = Math.max(Math.round(8_388_608 / arrayBytes), 1);
  const gbPerSecond = (work: WasmFunction, arrays: number): number =>
    (arrays * arrayBytes * passes) / bestMs(now, () => work(...places, arrayBytes, passes), 40) / 1e6;
  return { arrayBytes, copyGBPerSecond: gbPerSecond(copy!, 2), triadGBPerSecond: gbPerSecond(triad!, 3) };
}

/** The fastest of a few rounds, each the median of its runs: the machine at its best, but no stray reading. */
function bestMs(now: () => number, work: () => void, budgetMs: number): number {
  const medians: number[] = [];
  for (let warmup = 0; warmup < 3; warmup++) work();
  const begin = now();
  while (medians.length < rounds && (medians.length < 2 || now() - begin < budgetMs)) {
    const runs: number[] = [];
    const roundBegin = now();
    while (runs.length < 3 || now() - roundBegin < budgetMs / rounds) {
      const start = now();
      work();
      runs.push(now() - start);
      if (runs.length >= 3 && now() - begin > budgetMs) break;
    }
    medians.push(median(runs));
  }
  return Math.min(...medians);
}

function compile(arena: Arena, arithmetic: Arithmetic): Readonly<Record<string, WasmFunction>> {
  const module = new ModuleBuilder({ arithmetic, memory: arena });
  emitSums(module, arithmetic);
  emitStream(module, 'copy');
  emitStream(module, 'triad');
  return instantiate(new webAssembly!.Module(module.toBytes()), arena.memory);
}

/**
 * `sums(address)`: independent chains, without any load between them. Where multiplying and adding are two
 * instructions, as many of each, on chains of their own: a product that nothing changes would be
 * computed only once.
 */
function emitSums(module: ModuleBuilder, arithmetic: Arithmetic): void {
  module.define('sums', ['address'], (f, { address }) => {
    const values = f.vectors(chains);
    const [a, b] = [f.vector(), f.vector()];
    const step = f.int();
    f.set(a, f32x4.load(address));
    f.set(b, f32x4.load(address, 16));
    f.range(step, 0, stepsPerCall / 4, () => {
      for (let repeat = 0; repeat < 4; repeat++) {
        for (const [at, value] of values.entries()) {
          if (arithmetic === 'relaxed-madd') f.accumulate(value, a, b);
          else f.set(value, at % 2 === 0 ? f32x4.add(value, a) : f32x4.multiply(value, b));
        }
      }
    });
    for (const [at, value] of values.entries()) f.store(address, 32 + 16 * at, value);
  });
}

/** `copy` or `triad(target, b, c, bytes, passes)`. */
function emitStream(module: ModuleBuilder, name: 'copy' | 'triad'): void {
  module.define(name, ['target', 'b', 'c', 'bytes', 'passes'], (f, { target, b, c, bytes, passes }) => {
    const pass = f.int();
    const offset = f.int();
    const [to, fromB, fromC] = [f.int(), f.int(), f.int()];
    const value = f.vector();
    f.range(pass, 0, passes, () => {
      f.set(offset, int(0));
      f.until(offset, 128, bytes, () => {
        f.set(to, i32.add(target, offset));
        f.set(fromB, i32.add(b, offset));
        f.set(fromC, i32.add(c, offset));
        for (let at = 0; at < 128; at += 16) {
          f.set(value, f32x4.load(fromB, at));
          if (name === 'triad') f.accumulate(value, f32x4.load(fromC, at), f32x4.splat(3));
          f.store(to, at, value);
        }
      });
    });
  });
}
