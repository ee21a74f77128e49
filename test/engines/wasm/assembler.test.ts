import { describe, expect, it } from 'vitest';
import { type Code, writeSigned, writeUnsigned } from '../../../src/engines/wasm/assembler/encoding.js';
import type { FunctionBuilder } from '../../../src/engines/wasm/assembler/function.js';
import { ModuleBuilder } from '../../../src/engines/wasm/assembler/module.js';
import { f32x4, type Int, i32 } from '../../../src/engines/wasm/assembler/values.js';
import { mergeLoops } from '../../../src/engines/wasm/loops.js';
import { Arena } from '../../../src/engines/wasm/memory.js';
import { instantiate, webAssembly } from '../../../src/engines/wasm/web-assembly.js';

const bytes = (write: (code: Code) => void): Code => {
  const code: Code = [];
  write(code);
  return code;
};

// Examples of the WebAssembly specification and of Wikipedia's article on LEB128.
it.each([
  [0, [0]],
  [127, [127]],
  [128, [128, 1]],
  [624485, [0xe5, 0x8e, 0x26]],
  [4294967295, [255, 255, 255, 255, 15]],
])('unsigned LEB128 of %i', (value, expected) => {
  expect(bytes(code => writeUnsigned(code, value))).toEqual(expected);
});

it.each([
  [0, [0]],
  [63, [63]],
  [64, [192, 0]],
  [-1, [127]],
  [-64, [64]],
  [-65, [191, 127]],
  [-123456, [0xc0, 0xbb, 0x78]],
])('signed LEB128 of %i', (value, expected) => {
  expect(bytes(code => writeSigned(code, value))).toEqual(expected);
});

/** Runs a function over 16 floats: 0, 1, 2, ... */
function run(write: (f: FunctionBuilder, address: Int) => void, ...parameters: number[]): Float32Array {
  const arena = new Arena(2);
  const address = arena.reserve(64);
  const floats = arena.floats(address, 16);
  floats.forEach((_, at) => {
    floats[at] = at;
  });
  const module = new ModuleBuilder({ arithmetic: 'mul-add', memory: arena });
  module.define('test', ['address', 'a', 'b'], (f, { address }) => write(f, address));
  instantiate(new webAssembly!.Module(module.toBytes()), arena.memory)['test']!(address, ...parameters);
  return floats;
}

describe('statements', () => {
  it('loops over a range, and over nothing', () => {
    const result = run((f, address) => {
      const at = f.int();
      const value = f.vector();
      f.set(value, f32x4.splat(9));
      f.range(at, 1, 3, () => f.store(i32.add(address, i32.multiply(at, 16)), 0, value, 2));
      f.range(at, 3, 3, () => f.store(address, 0, value));
    });
    expect([...result]).toEqual([0, 1, 2, 3, 9, 9, 6, 7, 9, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('repeats', () => {
    const counted = [0, 1, 2, 5].map(count => {
      const result = run((f, address) => {
        const sum = f.vector();
        f.set(sum, f32x4.splat(0));
        f.repeat(count, () => f.accumulate(sum, f32x4.splat(2), f32x4.splat(3)));
        f.store(address, 0, sum);
      });
      return result[0];
    });
    expect(counted).toEqual([0, 6, 12, 30]);
  });

  it('copies, clears and branches', () => {
    const result = run((f, address) => {
      f.copyBytes(i32.add(address, 16), address, 8);
      f.zeroBytes(i32.add(address, 48), 16);
      f.when(
        i32.equal(1, 2),
        () => f.zeroBytes(address, 64),
        () => f.zeroBytes(i32.add(address, 4), 4),
      );
    });
    expect([...result]).toEqual([0, 0, 2, 3, 0, 1, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0]);
  });

  it('keeps a NaN when values are clamped', () => {
    const result = run((f, address) => {
      const value = f.vector();
      f.set(value, f32x4.atLeast(f32x4.splat(Number.NaN), f32x4.splat(0)));
      f.store(address, 0, value);
    });
    expect(result[0]).toBeNaN();
  });
});

it('refuses a negative offset', () => {
  expect(() => run((f, address) => f.set(f.vector(), f32x4.load(address, -4)))).toThrow(RangeError);
});

// [levels] -> [fewer levels]
it.each([
  [
    [
      [3, 100],
      [3, 8],
      [2, 4],
    ],
    [
      [3, 100],
      [6, 4],
    ],
  ],
  [
    [
      [1, 50],
      [4, 4],
    ],
    [[4, 4]],
  ],
  [
    [
      [2, 24],
      [3, 8],
      [2, 4],
    ],
    [[12, 4]],
  ],
  [[[1, 1]], []],
])('merges the loops %j to %j', (levels, merged) => {
  const loops = (pairs: number[][]) => pairs.map(([count, stride]) => ({ count: count!, stride: stride! }));
  expect(mergeLoops(loops(levels))).toEqual(loops(merged));
});
