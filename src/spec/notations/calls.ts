import { ConvcostError, type Place } from '../../errors.js';
import type { PlaceOf } from '../tokens.js';

/** `Conv2d(3, 32, kernel_size=(3, 3))`, and with children inside: what printed models and layer calls are. */
export interface Call {
  /** The last part of a dotted name: `Conv2d` of `nn.Conv2d`. */
  readonly name: string;
  /** The name in its parent: `(0):` of a print, `conv1` of `self.conv1 = ...`. */
  readonly label: string | undefined;
  readonly values: readonly Argument[];
  readonly options: ReadonlyMap<string, Argument>;
  readonly children: readonly Call[];
  readonly place: Place;
}

export interface Argument {
  readonly value: Value;
  readonly place: Place;
}

/** Numbers, truth values, None (null), words and strings, tuples and lists. */
export type Value = number | boolean | null | string | readonly Value[];

/**
 * Reads the calls of a text, nested as they are. Commas between them may be missing, as in a print, and
 * `model.add(...)`, `Sequential([...])` and a trailing `(x)` are seen through.
 *
 * @throws ConvcostError `bad-call` with the place
 */
export const parseCalls = (text: string, placeOf: PlaceOf): readonly Call[] =>
  new CallParser(text, placeOf).parseAll();

/** What one item inside parentheses can be. */
type Item =
  | { readonly type: 'calls'; readonly calls: readonly Call[] }
  | { readonly type: 'value'; readonly value: Value };

const patterns = {
  /** Comments and imports are passed over as blanks are. */
  blank: /(?:\s|#[^\n]*|(?:from [\w.]+ )?import [^\n]*)+/y,
  childLabel: /\(([\w.-]+)\):\s*/y,
  repetition: /(\d+) x /y,
  option: /([A-Za-z_]\w*)\s*=(?!=)\s*/y,
  assignment: /(?:self\.)?([A-Za-z_]\w*)\s*=(?!=)\s*/y,
  callName: /[A-Za-z_][\w.]*(?=\s*\()/y,
  word: /[A-Za-z_][\w.]*/y,
  number: /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y,
  factor: /\s*\*\s*(\d+)/y,
  string: /'[^'\n]*'|"[^"\n]*"/y,
} as const;

const words: Readonly<Record<string, Value>> = { True: true, False: false, None: null };

/** Calls that only hold other calls: what is inside counts. */
const wrappers = ['add', 'append'];

/** No model is nested so deep; a text that is would overflow the stack. */
const deepest = 200;

class CallParser {
  readonly #text: string;
  readonly #placeOf: PlaceOf;
  #offset = 0;
  #depth = 0;

  constructor(text: string, placeOf: PlaceOf) {
    this.#text = text;
    this.#placeOf = placeOf;
  }

  parseAll(): readonly Call[] {
    const calls: Call[] = [];
    for (this.#skip(); this.#offset < this.#text.length; this.#skip(), this.#take(','), this.#skip()) {
      const label = (this.#match('childLabel') ?? this.#match('assignment'))?.[1];
      calls.push(...(this.#calls(label) ?? this.#listOfCalls()));
    }
    return calls;
  }

  /** `[[...], [...]]` with calls in it. */
  #listOfCalls(): readonly Call[] {
    const start = this.#offset;
    const item = this.#at('[') ? this.#value() : undefined;
    if (item?.type === 'calls') return item.calls;
    this.#offset = start;
    return this.#fail('a layer such as Conv2d(...)');
  }

  /** A call, or what a call that only wraps holds; `undefined` where none begins. */
  #calls(label: string | undefined): readonly Call[] | undefined {
    const start = this.#offset;
    const times = Number(this.#match('repetition')?.[1] ?? 1);
    const dotted = this.#match('callName')?.[0];
    if (dotted === undefined) return undefined;
    const end = this.#offset;
    this.#skip();
    this.#offset++;
    const values: Argument[] = [];
    const options = new Map<string, Argument>();
    const children: Call[] = [];
    this.#descend();
    for (this.#skip(); !this.#take(')'); this.#skip(), this.#take(','), this.#skip()) {
      this.#item(values, options, children);
    }
    this.#depth--;
    if (this.#take('(')) this.#skipArguments();
    const name = dotted.split('.').at(-1)!;
    if (wrappers.includes(name) && children.length > 0) return children;
    const call = { name, values, options, children, place: this.#placeOf(start, end) };
    return labelsOf(label, times).map(each => ({ ...call, label: each }));
  }

  #item(values: Argument[], options: Map<string, Argument>, children: Call[]): void {
    const start = this.#offset;
    const label = this.#match('childLabel')?.[1];
    if (label !== undefined) {
      children.push(...(this.#calls(label) ?? this.#fail('a module')));
      return;
    }
    const key = this.#match('option')?.[1];
    const item = this.#value();
    if (item.type === 'calls') {
      children.push(...item.calls);
      return;
    }
    const argument = { value: item.value, place: this.#placeOf(start, this.#offset) };
    if (key === undefined) values.push(argument);
    else options.set(key, argument);
  }

  #value(): Item {
    const calls = this.#calls(undefined);
    if (calls) return { type: 'calls', calls };
    if (this.#take('(')) return this.#list(')');
    if (this.#take('[')) return this.#list(']');
    const number = this.#match('number')?.[0];
    if (number !== undefined) return { type: 'value', value: this.#product(Number(number)) };
    const string = this.#match('string')?.[0];
    if (string !== undefined) return { type: 'value', value: string.slice(1, -1) };
    const word = this.#match('word')?.[0];
    if (word === undefined) this.#fail('a value');
    return { type: 'value', value: Object.hasOwn(words, word) ? words[word]! : word };
  }

  /** `16 * 5 * 5`, as people write the features of a linear layer. */
  #product(first: number): number {
    const factor = this.#match('factor')?.[1];
    return factor === undefined ? first : this.#product(first * Number(factor));
  }

  #list(closing: string): Item {
    const calls: Call[] = [];
    const values: Value[] = [];
    this.#descend();
    for (this.#skip(); !this.#take(closing); this.#skip(), this.#take(','), this.#skip()) {
      const item = this.#value();
      if (item.type === 'calls') calls.push(...item.calls);
      else values.push(item.value);
    }
    this.#depth--;
    return calls.length > 0 ? { type: 'calls', calls } : { type: 'value', value: values };
  }

  /** The `(x)` of a functional call. */
  #skipArguments(): void {
    while (!this.#take(')')) {
      if (this.#offset >= this.#text.length) this.#fail("')'");
      this.#offset++;
    }
  }

  #descend(): void {
    this.#depth++;
    if (this.#depth <= deepest) return;
    throw new ConvcostError('nested-too-deep', { deepest }, this.#placeOf(this.#offset, this.#offset + 1));
  }

  #skip(): void {
    this.#match('blank');
  }

  #at(mark: string): boolean {
    return this.#text.startsWith(mark, this.#offset);
  }

  #take(mark: string): boolean {
    if (!this.#at(mark)) return false;
    this.#offset += mark.length;
    return true;
  }

  #match(kind: keyof typeof patterns): RegExpExecArray | undefined {
    const pattern = patterns[kind];
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#offset = pattern.lastIndex;
    return match;
  }

  #fail(wanted: string): never {
    const found = this.#text.slice(this.#offset, this.#offset + 40).split('\n')[0]!;
    const place = this.#placeOf(Math.min(this.#offset, this.#text.length), this.#offset + 1);
    throw new ConvcostError('bad-call', { wanted, found }, place);
  }
}

/** `0-2` printed as `3 x` stands for 0, 1 and 2. */
function labelsOf(label: string | undefined, times: number): readonly (string | undefined)[] {
  const range = /^(\d+)-(\d+)$/.exec(label ?? '');
  if (!range) return new Array<undefined | string>(times).fill(label);
  const first = Number(range[1]);
  return Array.from({ length: times }, (_, turn) => String(first + turn));
}
