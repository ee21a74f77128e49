import { ConvcostError, type Place } from '../../errors.js';
import type { PerAxis } from '../../model/window.js';
import type { Argument, Call, Value } from './calls.js';

/** The arguments of a layer's call by name, read into the types that they must have. */
export class Arguments {
  readonly #given: ReadonlyMap<string, Argument>;
  readonly #call: Call;

  /**
   * @param parameters every parameter, in the order of positional arguments
   * @param named parameters that are given by name only
   * @throws ConvcostError `unknown-argument`, `too-many-arguments`
   */
  constructor(call: Call, parameters: readonly string[], named: readonly string[] = []) {
    this.#call = call;
    const extra = call.values[parameters.length];
    if (extra) {
      throw new ConvcostError(
        'too-many-arguments',
        { layer: call.name, most: parameters.length },
        extra.place,
      );
    }
    for (const [name, { place }] of call.options) {
      if (parameters.includes(name) || named.includes(name)) continue;
      const known = [...parameters, ...named];
      throw new ConvcostError('unknown-argument', { layer: call.name, word: name, known }, place);
    }
    const positional = call.values.map((argument, index) => [parameters[index]!, argument] as const);
    this.#given = new Map([...positional, ...call.options]);
  }

  /** Whether it is written, and not None. */
  has(name: string): boolean {
    return (this.#given.get(name)?.value ?? null) !== null;
  }

  value(name: string): Value | undefined {
    return this.#given.get(name)?.value;
  }

  place(name: string): Place {
    return this.#given.get(name)?.place ?? this.#call.place;
  }

  /** A number of channels or the like, of at least 1. */
  whole(name: string): number {
    const value = this.#needed(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
    throw this.refusal(name, 'a whole number of at least 1');
  }

  wholeOr<Default>(name: string, otherwise: Default): number | Default {
    return this.has(name) ? this.whole(name) : otherwise;
  }

  number(name: string, otherwise: number): number {
    const { value = otherwise } = this.#given.get(name) ?? {};
    return typeof value === 'number' ? value : this.#refuse(name, 'a number');
  }

  flag(name: string, otherwise: boolean): boolean {
    const { value = otherwise } = this.#given.get(name) ?? {};
    return typeof value === 'boolean' ? value : this.#refuse(name, 'True or False');
  }

  word(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** One size per axis, a single number repeated. */
  sizes(name: string, axes: number): readonly number[] {
    const value = this.#needed(name);
    const list = typeof value === 'number' ? new Array<number>(axes).fill(value) : value;
    const whole = (size: Value) => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
    if (Array.isArray(list) && list.every(whole)) {
      const sizes = list as readonly number[];
      if (sizes.length === axes) return sizes;
      if (sizes.length === 1) return new Array<number>(axes).fill(sizes[0]!);
    }
    throw this.refusal(name, axes === 1 ? 'a whole number' : `a whole number, or ${axes} in parentheses`);
  }

  sizesOr(name: string, axes: number, otherwise: PerAxis): PerAxis {
    return this.has(name) ? this.sizes(name, axes) : otherwise;
  }

  #needed(name: string): Value {
    if (this.has(name)) return this.value(name)!;
    throw new ConvcostError('argument-missing', { layer: this.#call.name, name }, this.#call.place);
  }

  /** The error for a value that is not what it must be. */
  refusal(name: string, wanted: string): ConvcostError {
    const details = { layer: this.#call.name, name, text: String(this.value(name)), wanted };
    return new ConvcostError('bad-argument', details, this.place(name));
  }

  #refuse(name: string, wanted: string): never {
    throw this.refusal(name, wanted);
  }
}
