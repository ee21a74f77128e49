import { ConvcostError, type ErrorCode, nameInErrors, type TurnedInput, withPlace } from '../errors.js';
import type { Layer, TensorInfo } from '../model/layer.js';
import {
  type ChannelOrder,
  type FeatureMap,
  fromFeatureMap,
  layoutName,
  toFeatureMap,
} from '../model/layout.js';
import type { Network, Param, ValueSource } from '../model/network.js';
import { elementCount, type Shape, sameShape } from '../model/shape.js';
import { nearestWord } from '../suggest.js';
import { dataInput, type InputOverride, namedAxes, orderNotes, resolveInput } from './input.js';
import type { DataSpec, LayerSpec, NetworkSpec } from './layer-spec.js';
import { layerBuilders } from './layers/index.js';
import { valueSource } from './layers/values.js';
import { isMacro, macros } from './macros.js';
import { type OpName, ops } from './ops.js';

/** What a network is called, and what is said of its input. */
export interface BuildOptions extends InputOverride {
  /** Its name in reports, unless the spec has one. */
  readonly name: string;
  /** What the user named: tokens, a path. */
  readonly source: string;
  /** `tokens`, `spec`, `zoo` ... */
  readonly format: string;
}

/**
 * Makes a network of what was written: fills defaults, names layers, propagates shapes, checks everything.
 *
 * @throws ConvcostError naming the layer, with its place in the text
 */
export function buildNetwork(spec: NetworkSpec, options: BuildOptions): Network {
  const order = spec.order ?? 'channels-last';
  const input = resolveInput(spec, options);
  const maps = new Map<string, FeatureMap>([['input', input]]);
  for (const [name, data] of spec.inputs ?? []) maps.set(name, extraInput(name, data));
  const inputs = Array.from(maps, ([name, map]) => tensorOf(name, map, order));
  const builder = new NetworkBuilder(order, inputs);
  for (const layer of spec.layers) builder.addWritten(layer);
  return {
    name: spec.name ?? options.name,
    source: options.source,
    format: options.format,
    layout: order,
    inputs,
    outputs: builder.results(),
    layers: builder.layers,
    params: builder.params,
    notes: [...(spec.notes ?? []), ...orderNotes(spec, options, input)],
    data: inputValues(spec, maps),
  };
}

const tensorOf = (name: string, map: FeatureMap, order: ChannelOrder): TensorInfo => ({
  name,
  shape: fromFeatureMap(map, order),
  dtype: 'f32',
});

function extraInput(name: string, data: DataSpec): FeatureMap {
  if (!data.shape) throw new ConvcostError('input-without-shape', { name }, data.place);
  return resolveInput({ layers: [], input: dataInput(data, data.shape) }, {});
}

/** The values written for the inputs, checked against the inputs' sizes. */
function inputValues(
  spec: NetworkSpec,
  maps: ReadonlyMap<string, FeatureMap>,
): ReadonlyMap<string, ValueSource> {
  const written = new Map(spec.inputs);
  if (spec.data) written.set('input', spec.data);
  return new Map(
    Array.from(written, ([name, data]) => {
      const map = maps.get(name)!;
      const shapeIn = (layout: string) => shapeInLayout(map, layout, data);
      const natural = layoutName('channels-last', map.sizes.length + 2);
      const layout = data.layout ?? natural;
      const source = withPlace(data.place, () => {
        requireSameShape(data, layout, shapeIn);
        return valueSource('data', data.values, layout, shapeIn);
      });
      return [name, source] as const;
    }),
  );
}

/** A file is what it is: the shape written beside it must be the input's. A fill takes any size. */
function requireSameShape(
  { values, shape: given }: DataSpec,
  layout: string,
  shapeIn: (layout: string) => Shape,
): void {
  if (given === undefined || !('file' in values)) return;
  const needed = shapeIn(layout);
  if (!sameShape(given, needed)) {
    throw new ConvcostError('wrong-value-shape', { what: 'data', layout, given, needed });
  }
}

function shapeInLayout(
  { batch, channels, sizes }: FeatureMap,
  layout: string,
  { shape }: DataSpec,
): readonly number[] {
  const spatial = layout.replace(/[NC]/g, '');
  const size: Record<string, number> = { N: batch, C: channels };
  [...'DHW'.slice(3 - sizes.length)].forEach((letter, axis) => {
    size[letter] = sizes[axis]!;
  });
  const expected = Array.from(layout, letter => size[letter] ?? Number.NaN);
  if (shape) namedAxes(shape, layout);
  if (spatial.length !== sizes.length || expected.some(Number.isNaN)) {
    throw new ConvcostError('bad-data-layout', { layout, shape: shape ?? [batch, ...sizes, channels] });
  }
  return expected;
}

/** The field that an error of a layer is about, whose own place is nearer than the layer's. */
const fieldAtFault: Readonly<Partial<Record<ErrorCode, string>>> = {
  'bad-repetition': 'repeat',
  'channels-disagree': 'out',
  'channels-not-divisible': 'groups',
  'depthwise-channels': 'out',
  'duplicate-name': 'name',
  'reads-one': 'from',
  'unknown-layer': 'from',
  'wrong-pad-count': 'padding',
};

function placeAtFault<T>({ place, places = {} }: LayerSpec, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConvcostError)
      error.place ??= places[fieldAtFault[error.code as ErrorCode] ?? ''] ?? place;
    throw error;
  }
}

class NetworkBuilder {
  readonly layers: Layer[] = [];
  readonly params = new Map<string, Param>();
  readonly #order: ChannelOrder;
  readonly #inputs: ReadonlySet<string>;
  /** What `from` may name: inputs, layers, and macros (their last part). */
  readonly #tensors = new Map<string, TensorInfo>();
  readonly #counters = new Map<OpName, number>();
  #last: TensorInfo;

  constructor(order: ChannelOrder, inputs: readonly TensorInfo[]) {
    this.#order = order;
    this.#inputs = new Set(inputs.map(({ name }) => name));
    for (const input of inputs) this.#tensors.set(input.name, input);
    this.#last = inputs[0]!;
  }

  /** Adds one written layer: every repetition, and of a macro every part. */
  addWritten(spec: LayerSpec): void {
    placeAtFault(spec, () => {
      const { repeat = 1, ...first } = spec;
      if (!Number.isSafeInteger(repeat) || repeat < 1 || repeat > 10_000) {
        throw new ConvcostError('bad-repetition', { repeat });
      }
      // A repeated layer goes on from the first: stride and written input belong to that one.
      const { stride: _stride, from: _from, in: _in, ...later } = first;
      for (let turn = 0; turn < repeat; turn++) {
        const name =
          spec.name === undefined
            ? this.#numbered(spec.op)
            : repeat > 1
              ? `${spec.name}.${turn + 1}`
              : spec.name;
        this.#add(turn === 0 ? first : later, name);
      }
      if (spec.name !== undefined && repeat > 1) this.#define(spec.name, this.#last);
    });
  }

  /** Tensors that no layer reads are the network's results. */
  results(): readonly string[] {
    const read = new Set(this.layers.flatMap(layer => layer.inputs.map(({ name }) => name)));
    return this.layers
      .flatMap(layer => layer.outputs.map(({ name }) => name))
      .filter(name => !read.has(name));
  }

  #add(spec: LayerSpec, name: string): void {
    nameInErrors(name, () => {
      const inputs = this.#read(spec);
      if (inputs.length > 1 && !ops[spec.op].readsSeveral)
        throw new ConvcostError('reads-one', { op: spec.op, from: spec.from! });
      const maps = inputs.map(({ shape }) => toFeatureMap(shape, this.#order));
      const { channels } = maps[0]!;
      const flowing = spec.op === 'fc' ? elementCount([channels, ...maps[0]!.sizes]) : channels;
      if (spec.in !== undefined && spec.in !== flowing) {
        const turned = this.#turned(inputs[0]!.name, maps[0]!, spec.in);
        throw new ConvcostError('channels-disagree', { expected: spec.in, actual: flowing, turned });
      }
      if (isMacro(spec.op)) {
        for (const part of macros[spec.op](spec, { name, channels, input: inputs[0]!.name }))
          this.#add(part, part.name);
        this.#define(name, this.#last);
        return;
      }
      const { body, output, stored = [] } = layerBuilders[spec.op](spec, maps);
      const written = tensorOf(name, output, this.#order);
      this.#define(name, written);
      for (const { part, ...param } of stored) {
        this.params.set(`${name}.${part}`, { name: `${name}.${part}`, dtype: 'f32', ...param });
      }
      this.layers.push({
        name,
        op: spec.word ?? spec.op,
        inputs,
        outputs: [written],
        params: stored.map(({ part }) => `${name}.${part}`),
        ...(spec.form && { form: spec.form }),
        ...body,
      });
      this.#last = written;
    });
  }

  /** The sizes as they should be written, where an input was given in the other order of axes. */
  #turned(name: string, { channels, sizes }: FeatureMap, wanted: number): TurnedInput | undefined {
    const isFirst = this.#order === 'channels-first';
    const found = isFirst ? sizes.at(-1) : sizes[0];
    if (!this.#inputs.has(name) || found !== wanted) return undefined;
    return isFirst
      ? { channelsStand: 'first', sizes: [wanted, channels, ...sizes.slice(0, -1)] }
      : { channelsStand: 'last', sizes: [...sizes.slice(1), channels, wanted] };
  }

  #read({ from }: LayerSpec): readonly TensorInfo[] {
    if (!from) return [this.#last];
    return from.map(name => {
      const tensor = this.#tensors.get(name);
      if (tensor) return tensor;
      throw new ConvcostError('unknown-layer', {
        name,
        suggestion: nearestWord(name, [...this.#tensors.keys()]),
      });
    });
  }

  #define(name: string, tensor: TensorInfo): void {
    if (this.#tensors.has(name)) throw new ConvcostError('duplicate-name', { name });
    this.#tensors.set(name, tensor);
  }

  /** `conv1`, `conv2` ...: the next number of a kind, past any that was written by hand. */
  #numbered(op: OpName): string {
    const count = (this.#counters.get(op) ?? 0) + 1;
    this.#counters.set(op, count);
    return this.#tensors.has(`${op}${count}`) ? this.#numbered(op) : `${op}${count}`;
  }
}
