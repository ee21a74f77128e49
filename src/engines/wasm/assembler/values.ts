import { type Code, writeFloat32, writeSigned, writeUnsigned } from './encoding.js';

export type ValueType = 'i32' | 'v128';

/** An expression: emitting it leaves one value of its type on the stack. */
export interface Value<Type extends ValueType = ValueType> {
  readonly type: Type;
  readonly emit: (code: Code) => void;
}

/** A variable of a function; reading it is a value. */
export interface Local<Type extends ValueType = ValueType> extends Value<Type> {
  readonly index: number;
}

export type Int = Value<'i32'>;
export type Vector = Value<'v128'>;

/** Byte codes: WebAssembly core specification, "Index of Instructions". */
const intOps = {
  equal: 0x46,
  notEqual: 0x47,
  less: 0x48,
  greater: 0x4a,
  lessUnsigned: 0x49,
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  divide: 0x6e,
  remainder: 0x70,
} as const;

/** Codes after the SIMD prefix 0xfd. `madd` is of the relaxed SIMD proposal: fused where the machine fuses. */
const vectorOps = {
  add: 0xe4,
  subtract: 0xe5,
  multiply: 0xe6,
  // pmin and pmax are one instruction on x64, and keep a NaN that comes first.
  atMost: 0xea,
  atLeast: 0xeb,
} as const;

export const memoryOps = { load: 0x00, loadSplat: 0x09, store: 0x0b, storeLane: 0x5a } as const;
const vectorConstant = 0x0c;
const relaxedMultiplyAdd = 0x105;

const intOp =
  (op: number) =>
  (a: Int | number, b: Int | number): Int => ({
    type: 'i32',
    emit: code => {
      int(a).emit(code);
      int(b).emit(code);
      code.push(op);
    },
  });

const constant = (value: number): Int => ({
  type: 'i32',
  emit: code => {
    code.push(0x41);
    writeSigned(code, value | 0);
  },
});

/** A number stands for a constant wherever an integer is asked for. */
export const int = (value: Int | number): Int => (typeof value === 'number' ? constant(value) : value);

/** 32-bit integers: addresses in bytes, and counts. Division and remainder are unsigned. */
export const i32 = {
  add: intOp(intOps.add),
  subtract: intOp(intOps.subtract),
  multiply: intOp(intOps.multiply),
  divide: intOp(intOps.divide),
  remainder: intOp(intOps.remainder),
  equal: intOp(intOps.equal),
  notEqual: intOp(intOps.notEqual),
  less: intOp(intOps.less),
  greater: intOp(intOps.greater),
  lessUnsigned: intOp(intOps.lessUnsigned),

  load: (address: Int, offset = 0): Int => ({
    type: 'i32',
    emit: code => {
      address.emit(code);
      code.push(0x28);
      writeAccess(code, offset);
    },
  }),

  /** `condition ? yes : no`, without a branch; both sides are computed. */
  select: (condition: Int, yes: Int | number, no: Int | number): Int => ({
    type: 'i32',
    emit: code => {
      int(yes).emit(code);
      int(no).emit(code);
      condition.emit(code);
      code.push(0x1b);
    },
  }),
};

export const minimum = (a: Int, b: Int | number): Int => i32.select(i32.less(a, b), a, b);

const vectorOp =
  (op: number) =>
  (a: Vector, b: Vector): Vector => ({
    type: 'v128',
    emit: code => {
      a.emit(code);
      b.emit(code);
      writeVectorOp(code, op);
    },
  });

const load =
  (op: number) =>
  (address: Int, offset = 0): Vector => ({
    type: 'v128',
    emit: code => {
      address.emit(code);
      writeVectorOp(code, op);
      writeAccess(code, offset);
    },
  });

/** Four float32 values. Offsets are bytes, at least 0, and free: they are part of the instruction. */
export const f32x4 = {
  add: vectorOp(vectorOps.add),
  subtract: vectorOp(vectorOps.subtract),
  multiply: vectorOp(vectorOps.multiply),
  atMost: vectorOp(vectorOps.atMost),
  atLeast: vectorOp(vectorOps.atLeast),
  load: load(memoryOps.load),
  /** One float32 of memory in all four lanes. */
  loadSplat: load(memoryOps.loadSplat),

  splat: (value: number): Vector => ({
    type: 'v128',
    emit: code => {
      writeVectorOp(code, vectorConstant);
      for (let lane = 0; lane < 4; lane++) writeFloat32(code, value);
    },
  }),

  /** `a * b + c`, rounded once or twice, as the machine has it. */
  relaxedMultiplyAdd: (a: Vector, b: Vector, c: Vector): Vector => ({
    type: 'v128',
    emit: code => {
      a.emit(code);
      b.emit(code);
      c.emit(code);
      writeVectorOp(code, relaxedMultiplyAdd);
    },
  }),
};

export function writeVectorOp(code: Code, op: number): void {
  code.push(0xfd);
  writeUnsigned(code, op);
}

/** The alignment hint (4 bytes: all data are float32 and int32) and the offset of a memory access. */
export function writeAccess(code: Code, offset: number): void {
  if (offset < 0) throw new RangeError(`A memory access at offset ${offset}: offsets are unsigned.`);
  code.push(2);
  writeUnsigned(code, offset);
}
