import type { Arithmetic } from './assembler/function.js';
import { ModuleBuilder } from './assembler/module.js';
import { f32x4, i32, int } from './assembler/values.js';
import { bestArithmetic, hasArithmetic } from './features.js';
import { Arena } from './memory.js';
import { instantiate, type WasmExports, webAssembly } from './web-assembly.js';

/** Work for the vector unit alone: nothing does more multiply-adds in the same time. */
export interface PeakProbe {
  readonly arithmetic: Arithmetic;
  /** Of one run. */
  readonly macs: number;
  run(): void;
}

/** Work for the memory alone, `passes` times over arrays of `arrayBytes`. */
export interface StreamProbe {
  /** From one array to another. */
  copy(arrayBytes: number, passes: number): void;
  /** `a = b + 3 c`. */
  triad(arrayBytes: number, passes: number): void;
}

/** Enough independent chains to hide the latency of an operation: 4 cycles by 2 units, and some. */
const chains = 12;
const stepsPerRun = 20_000;
const macsPerRun: Readonly<Record<Arithmetic, number>> = {
  'relaxed-madd': chains * 4 * stepsPerRun,
  // Half of the chains multiply, half of them add.
  'mul-add': (chains / 2) * 4 * stepsPerRun,
};

/** For each way to multiply and add that the runtime has; none without SIMD. */
export const peakProbes = (): readonly PeakProbe[] =>
  (['mul-add', 'relaxed-madd'] as const).filter(hasArithmetic).map(peakProbeOf);

/** For the fastest of them, to be run among other work: what the vector unit does at best at that very moment. */
export function peakProbe(): PeakProbe | undefined {
  const arithmetic = bestArithmetic();
  return arithmetic && peakProbeOf(arithmetic);
}

function peakProbeOf(arithmetic: Arithmetic): PeakProbe {
  const arena = new Arena();
  const address = arena.reserve(1024);
  const { sums } = compile(arena, arithmetic, module => emitSums(module, arithmetic));
  return { arithmetic, macs: macsPerRun[arithmetic], run: () => sums!(address) };
}

/** @param mostArrayBytes the largest arrays that it will be asked for */
export function streamProbe(mostArrayBytes: number): StreamProbe {
  const arena = new Arena();
  const address = arena.reserve(3 * (mostArrayBytes + 4096));
  const { copy, triad } = compile(arena, 'mul-add', module => {
    emitStream(module, 'copy');
    emitStream(module, 'triad');
  });
  // Arrays that start in different sets of the cache.
  const places = (arrayBytes: number) => [0, 1, 2].map(array => address + array * (arrayBytes + 1088));
  return {
    copy: (arrayBytes, passes) => copy!(...places(arrayBytes), arrayBytes, passes),
    triad: (arrayBytes, passes) => triad!(...places(arrayBytes), arrayBytes, passes),
  };
}

function compile(arena: Arena, arithmetic: Arithmetic, emit: (module: ModuleBuilder) => void): WasmExports {
  const module = new ModuleBuilder({ arithmetic, memory: arena });
  emit(module);
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
    f.range(step, 0, stepsPerRun / 4, () => {
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
