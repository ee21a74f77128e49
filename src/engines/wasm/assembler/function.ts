import { type Code, writeUnsigned } from './encoding.js';
import {
  f32x4,
  type Int,
  i32,
  int,
  type Local,
  memoryOps,
  type Value,
  type ValueType,
  type Vector,
  writeAccess,
  writeVectorOp,
} from './values.js';

/** How `acc += x * w` is computed: two roundings everywhere, or the machine's fused instruction. */
export type Arithmetic = 'mul-add' | 'relaxed-madd';

/**
 * Writes one function without a result. Parameters are all i32. Statements append code; expressions come
 * from `values.ts`.
 */
export class FunctionBuilder<Parameter extends string = string> {
  readonly name: string;
  readonly index: number;
  readonly parameters: Readonly<Record<Parameter, Local<'i32'>>>;
  readonly parameterCount: number;
  readonly localTypes: ValueType[] = [];
  readonly code: Code = [];
  readonly #arithmetic: Arithmetic;

  constructor(name: string, index: number, parameters: readonly Parameter[], arithmetic: Arithmetic) {
    this.name = name;
    this.index = index;
    this.parameterCount = parameters.length;
    this.#arithmetic = arithmetic;
    this.parameters = Object.fromEntries(
      parameters.map((parameter, at) => [parameter, local('i32', at)]),
    ) as Record<Parameter, Local<'i32'>>;
  }

  /** A new variable, 0 until it is set. */
  int(value?: Int | number): Local<'i32'> {
    const variable = this.#local('i32');
    if (value !== undefined) this.set(variable, int(value));
    return variable;
  }

  vector(): Local<'v128'> {
    return this.#local('v128');
  }

  vectors(count: number): Local<'v128'>[] {
    return Array.from({ length: count }, () => this.vector());
  }

  set<Type extends ValueType>(variable: Local<Type>, value: Value<Type>): void {
    value.emit(this.code);
    this.code.push(0x21);
    writeUnsigned(this.code, variable.index);
  }

  /** `variable += amount`; a constant 0 costs nothing. */
  advance(variable: Local<'i32'>, amount: Int | number): void {
    if (amount !== 0) this.set(variable, i32.add(variable, amount));
  }

  /** `accumulator += x * w`, lane by lane. */
  accumulate(accumulator: Local<'v128'>, x: Vector, w: Vector): void {
    this.set(
      accumulator,
      this.#arithmetic === 'relaxed-madd'
        ? f32x4.relaxedMultiplyAdd(x, w, accumulator)
        : f32x4.add(accumulator, f32x4.multiply(x, w)),
    );
  }

  /** Stores the first `lanes` of a vector: all four at once, fewer one by one, so that nothing else is written. */
  store(address: Int, offset: number, value: Local<'v128'>, lanes = 4): void {
    if (lanes >= 4) {
      address.emit(this.code);
      value.emit(this.code);
      writeVectorOp(this.code, memoryOps.store);
      writeAccess(this.code, offset);
      return;
    }
    for (let lane = 0; lane < lanes; lane++) {
      address.emit(this.code);
      value.emit(this.code);
      writeVectorOp(this.code, memoryOps.storeLane);
      writeAccess(this.code, offset + 4 * lane);
      this.code.push(lane);
    }
  }

  copyBytes(target: Int, source: Int, bytes: Int | number): void {
    for (const value of [target, source, int(bytes)]) value.emit(this.code);
    this.code.push(0xfc, 0x0a, 0, 0);
  }

  zeroBytes(target: Int, bytes: Int | number): void {
    for (const value of [target, int(0), int(bytes)]) value.emit(this.code);
    this.code.push(0xfc, 0x0b, 0);
  }

  call(callee: FunctionBuilder, values: readonly (Int | number)[]): void {
    for (const value of values) int(value).emit(this.code);
    this.code.push(0x10);
    writeUnsigned(this.code, callee.index);
  }

  when(condition: Int, yes: () => void, no?: () => void): void {
    condition.emit(this.code);
    this.code.push(0x04, 0x40);
    yes();
    if (no) {
      this.code.push(0x05);
      no();
    }
    this.code.push(0x0b);
  }

  /** Runs `body` at least once, and advances `variable` by `step` after each time until it equals `limit`. */
  until(variable: Local<'i32'>, step: number, limit: Int | number, body: () => void): void {
    this.#loop(body, () => {
      this.advance(variable, step);
      return i32.notEqual(variable, limit);
    });
  }

  /** Runs `body` for `variable = from, from + 1, ...` below `to`; not at all where there is none. */
  range(variable: Local<'i32'>, from: Int | number, to: Int | number, body: () => void): void {
    this.set(variable, int(from));
    this.when(i32.less(variable, to), () => {
      this.#loop(body, () => {
        this.advance(variable, 1);
        return i32.less(variable, to);
      });
    });
  }

  /** Runs `body` `count` times, a constant of at least 0; a single time costs no loop. */
  repeat(count: number, body: () => void): void {
    if (count === 1) body();
    if (count <= 1) return;
    const counter = this.int(count);
    this.until(counter, -1, 0, body);
  }

  /**
   * Ends a basic block: a branch that is never taken, out of a block that starts here. TurboFan hoists all
   * loads of a basic block to its top, and spills where there are more of them than registers.
   */
  splitBlock(address: Int): void {
    this.when(i32.equal(address, -1), () => this.code.push(0x00));
  }

  #loop(body: () => void, again: () => Int): void {
    this.code.push(0x03, 0x40);
    body();
    again().emit(this.code);
    this.code.push(0x0d, 0, 0x0b);
  }

  #local<Type extends ValueType>(type: Type): Local<Type> {
    this.localTypes.push(type);
    return local(type, this.parameterCount + this.localTypes.length - 1);
  }
}

const local = <Type extends ValueType>(type: Type, index: number): Local<Type> => ({
  type,
  index,
  emit: code => {
    code.push(0x20);
    writeUnsigned(code, index);
  },
});
