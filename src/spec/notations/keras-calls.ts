import { ConvcostError } from '../../errors.js';
import { nearestWord } from '../../suggest.js';
import type { InputSpec, LayerSpec } from '../layer-spec.js';
import { type Call, parseCalls } from './calls.js';
import { kerasLayers, readKerasLayer } from './keras-layers.js';
import type { Notation } from './notation.js';

/**
 * Calls of Keras layers, alone, in `Sequential([...])`, added by `model.add(...)` or applied to `(x)`. They
 * are read one after another; padding is `valid` where nothing is written.
 */
export const kerasCalls: Notation = {
  name: 'keras',
  says: 'Keras calls such as Conv2D(...), one after another',
  example: 'Conv2D(32, 3, strides=2, padding="same")',
  matches: text => layerCall.test(text),
  parse: (text, { placeOf, loose }) => {
    const calls = parseCalls(text, placeOf).flatMap(leavesOf);
    const chain = new KerasChain(loose);
    for (const call of calls) chain.add(call);
    if (chain.layers.length === 0)
      throw new ConvcostError('no-layers', { what: 'The text' }, calls[0]?.place);
    const input = calls.flatMap(call => inputOf(call) ?? [])[0];
    const notes = chain.layers.length > 1 ? [noDataFlow, ...chain.notes] : chain.notes;
    return { ...(input && { input }), layers: chain.layers, notes };
  },
};

const noDataFlow = 'Keras calls are read one after another: what they are applied to is not followed.';

const layerCall = new RegExp(`\\b(${kerasLayers.filter(name => /\dD/.test(name)).join('|')}|Dense)\\(`);

/** Calls that hold the layers, or tie them together. */
const frames = ['Sequential', 'Model', 'Input', 'InputLayer'];

const leavesOf = (call: Call): readonly Call[] =>
  call.children.length > 0 ? call.children.flatMap(leavesOf) : [call];

/** Keras calls, one after another. */
class KerasChain {
  readonly layers: LayerSpec[] = [];
  readonly notes: string[] = [];
  readonly #loose: boolean;
  /** Edges that a ZeroPadding left for the next window. */
  #pending: readonly number[] | undefined;
  /** Whether images still have sizes: Dense then acts on each position. */
  #isSpatial = false;

  constructor(loose: boolean) {
    this.#loose = loose;
  }

  add(call: Call): void {
    if (frames.includes(call.name)) return;
    if (/^ZeroPadding[123]D$/.test(call.name)) {
      this.#pending = paddingOf(call);
      return;
    }
    const layers = readKerasLayer(call);
    if (!layers && !this.#loose) throw unknownLayer(call);
    const unknown: LayerSpec = { op: 'unknown', word: call.name, reason: 'a layer that is not known' };
    for (const layer of layers ?? [unknown]) this.#push(layer, call);
  }

  #push(written: LayerSpec, call: Call): void {
    let layer = written;
    if (layer.kernel !== undefined || layer.op === 'gap') this.#isSpatial = layer.op !== 'gap';
    if (layer.op === 'flatten') this.#isSpatial = false;
    if (layer.op === 'fc' && this.#isSpatial) {
      layer = { ...layer, op: 'pw' };
      this.notes.push('Dense on feature maps acts on each position: it is read as a pointwise convolution.');
    }
    if (this.#pending) {
      if (layer.padding !== 'valid') throw new ConvcostError('padding-without-window', {}, call.place);
      layer = { ...layer, padding: this.#pending };
      this.#pending = undefined;
    }
    const name = call.options.get('name')?.value;
    const named = typeof name === 'string' && layer.op !== 'softmax' && { name };
    this.layers.push({ ...layer, ...named, place: call.place });
  }
}

function unknownLayer({ name, place }: Call): ConvcostError {
  const suggestion = nearestWord(name, kerasLayers);
  return new ConvcostError('unknown-module', { name, suggestion }, place);
}

/** `1`, `(1, 1)` or `((0, 1), (0, 1))` as begins, then ends. */
function paddingOf({ name, values, options, place }: Call): readonly number[] {
  const axes = Number(name.at(-2));
  const { value = 1 } = options.get('padding') ?? values[0] ?? {};
  const sides = Array.isArray(value) ? (value as readonly unknown[]) : new Array<unknown>(axes).fill(value);
  // One pair is of one axis where there is only one.
  const perAxis = axes === 1 && sides.length === 2 ? [sides] : sides;
  const edges = perAxis.map(side => (Array.isArray(side) ? (side as readonly unknown[]) : [side, side]));
  const numbers = [...edges.map(([begin]) => begin), ...edges.map(([, end]) => end)];
  if (numbers.length === 2 * axes && numbers.every(isWhole)) return numbers;
  const wanted = 'a whole number, or one or two per axis';
  throw new ConvcostError(
    'bad-argument',
    { layer: name, name: 'padding', text: String(value), wanted },
    place,
  );
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** `Input(shape=(224, 224, 3))`, or a first layer's `input_shape`. */
function inputOf({ name, values, options }: Call): InputSpec | undefined {
  const isInput = name === 'Input' || name === 'InputLayer';
  const written = options.get('input_shape') ?? (isInput ? (options.get('shape') ?? values[0]) : undefined);
  const numbers = written?.value;
  if (!written || !Array.isArray(numbers)) return undefined;
  // A size that is None is not said: the user is asked for it.
  return numbers.every(isWhole) ? { numbers, place: written.place } : undefined;
}
