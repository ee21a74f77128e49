import { type Code, writeName, writeSized, writeUnsigned } from './encoding.js';
import { type Arithmetic, FunctionBuilder } from './function.js';
import type { ValueType } from './values.js';

export interface ModuleOptions {
  readonly arithmetic: Arithmetic;
  /** Whether the memory that the module will be given is shared between threads, and its largest size. */
  readonly memory: { readonly shared: boolean; readonly maximumPages: number };
}

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, v128: 0x7b };

/** Sections of a module by their numbers, in the order in which they must stand. */
const sections = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/**
 * A WebAssembly module in the making: functions over one memory, which is imported as `env.memory`. Every
 * function is exported by its name.
 */
export class ModuleBuilder {
  readonly #options: ModuleOptions;
  readonly #functions: FunctionBuilder[] = [];

  constructor(options: ModuleOptions) {
    this.#options = options;
  }

  /** Adds a function and writes its body. */
  define<Parameter extends string>(
    name: string,
    parameters: readonly Parameter[],
    write: (f: FunctionBuilder<Parameter>, parameters: FunctionBuilder<Parameter>['parameters']) => void,
  ): FunctionBuilder<Parameter> {
    const f = new FunctionBuilder(name, this.#functions.length, parameters, this.#options.arithmetic);
    this.#functions.push(f);
    write(f, f.parameters);
    return f;
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const code: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    writeVector(code, sections.type, functions, (out, f) => {
      out.push(0x60);
      writeSized(out, new Array<number>(f.parameterCount).fill(typeCodes.i32));
      out.push(0);
    });
    writeVector(code, sections.import, [this.#options.memory], (out, { shared, maximumPages }) => {
      writeName(out, 'env');
      writeName(out, 'memory');
      out.push(0x02, shared ? 0x03 : 0x01, 0);
      writeUnsigned(out, maximumPages);
    });
    writeVector(code, sections.function, functions, (out, f) => writeUnsigned(out, f.index));
    writeVector(code, sections.export, functions, (out, f) => {
      writeName(out, f.name);
      out.push(0x00);
      writeUnsigned(out, f.index);
    });
    writeVector(code, sections.code, functions, (out, f) => writeSized(out, functionBody(f)));
    return Uint8Array.from(code);
  }
}

function functionBody({ localTypes, code }: FunctionBuilder): Uint8Array {
  const head: Code = [];
  writeUnsigned(head, localTypes.length);
  for (const type of localTypes) head.push(1, typeCodes[type]);
  const body = new Uint8Array(head.length + code.length + 1);
  body.set(head);
  body.set(code, head.length);
  body[body.length - 1] = 0x0b;
  return body;
}

function writeVector<Item>(
  code: Code,
  section: number,
  items: readonly Item[],
  write: (out: Code, item: Item) => void,
): void {
  const content: Code = [];
  writeUnsigned(content, items.length);
  for (const item of items) write(content, item);
  code.push(section);
  writeSized(code, content);
}
