import { ConvcostError, type Place } from '../errors.js';
import { activations, isActivationName, makeActivation } from '../model/activation.js';
import { layerForms } from '../model/layer.js';
import type { Padding } from '../model/window.js';
import { nearestWord } from '../suggest.js';
import type { InputSpec, LayerSpec, NetworkSpec } from './layer-spec.js';
import { parseNumber, parseSizes, parseWhole, perAxisOf } from './numbers.js';
import { type Field, isActivationOp, isOpName, kernelOps, type OpName, opNames, ops } from './ops.js';

/** One blank-separated word, with where it stands. */
interface Token {
  readonly text: string;
  readonly place: Place;
}

/** A layer while its words are still being read; `places` says where each field was written. */
type Draft = { -readonly [Key in keyof LayerSpec]: LayerSpec[Key] } & { places: Record<string, Place> };

/**
 * Reads layer tokens, for example `@224x224x3 conv3x3 32 s2 sep3x3 64 gap fc 1000`.
 *
 * @param placeOf tells where a span of the text stands in what the user wrote; absent: a caret under it
 * @throws ConvcostError with the place of the token
 */
export function parseTokens(text: string, placeOf: PlaceOf = caretIn(text)): NetworkSpec {
  const tokens = splitTokens(text, placeOf);
  let input: InputSpec | undefined;
  const words: Token[] = [];
  for (const token of tokens) {
    if (!token.text.startsWith('@')) words.push(token);
    else if (input) throw new ConvcostError('second-input', { token: token.text }, token.place);
    else input = { numbers: parseSizes(token.text.slice(1), 'Input size', token.place), place: token.place };
  }
  const layers = parseLayers(words);
  if (layers.length === 0) throw new ConvcostError('no-layers', { what: text.trim() });
  return { ...(input && { input }), layers };
}

/** The layers of a line without an input, as spec files mix them with objects. */
export const parseLayerTokens = (text: string, placeOf: PlaceOf = caretIn(text)): readonly LayerSpec[] =>
  parseLayers(splitTokens(text, placeOf));

/** Whether a word of the command line can only be meant as a token. */
export function isToken(word: string): boolean {
  return (
    /^@[\dx.e-]+$/i.test(word) ||
    isOpName(word) ||
    kernelToken.test(word) ||
    words.some(({ pattern }) => pattern.test(word))
  );
}

/** Whether a text of several words is a network of tokens: it begins with `@` or a layer kind. */
export function beginsWithToken(text: string): boolean {
  const first = text.trim().split(/\s+/)[0] ?? '';
  return first.startsWith('@') || isOpName(first) || kernelToken.test(first);
}

export type PlaceOf = (start: number, end: number) => Place;

const caretIn =
  (text: string): PlaceOf =>
  (start, end) => ({ kind: 'tokens', text, start, end });

const splitTokens = (text: string, placeOf: PlaceOf): readonly Token[] =>
  Array.from(text.matchAll(/\S+/g), ({ 0: word, index }) => ({
    text: word,
    place: placeOf(index, index + word.length),
  }));

const kernelToken = new RegExp(`^(${kernelOps.join('|')})(\\d[\\dx.,]*)$`);

function parseLayers(tokens: readonly Token[]): readonly LayerSpec[] {
  const drafts: Draft[] = [];
  for (const token of tokens) {
    const begun = beginLayer(token);
    const draft = drafts.at(-1);
    if (begun) drafts.push(begun);
    else if (draft) applyWord(draft, token);
    else throw unknownToken(token, 'A network begins with @SIZES or a layer kind');
  }
  for (const draft of drafts) requireFields(draft);
  return drafts;
}

function beginLayer({ text, place }: Token): Draft | undefined {
  const withKernel = kernelToken.exec(text);
  if (withKernel) {
    const kernel = perAxisOf(parseSizes(withKernel[2]!, 'Kernel size', place));
    return { op: withKernel[1] as OpName, kernel, place, places: {} };
  }
  if (!isOpName(text)) return undefined;
  return { op: text, place, places: {}, ...(isActivationOp(text) && { activation: makeActivation(text) }) };
}

/** What a word after the kind may be, the field it fills, and its value. */
interface Word {
  readonly field: Field | 'repeat' | 'name' | 'from' | 'form';
  readonly pattern: RegExp;
  readonly parse: (text: string, place: Place, draft: Draft) => unknown;
}

/** What is meant as a number, to be refused by what it says where it is none: `-1`, `1.5`, `1e309`. */
const numbers = String.raw`-?[\d.]+(?:e[-+]?\d+)?`;

/** A letter and numbers: `s2`, `p1,1,0,0`. */
const letter = (
  name: string,
  field: Word['field'],
  parse: (text: string, what: string, place: Place) => unknown,
  what: string,
): Word => ({
  field,
  pattern: new RegExp(`^${name}${numbers}([x,]${numbers})*$`),
  parse: (text, place) => parse(text.slice(1), what, place),
});

/** At least 1: a number, or one for all axes or each. */
const whole = (text: string, what: string, place: Place) => parseWhole(text, what, place, 1);
const axes = (text: string, what: string, place: Place) => perAxisOf(parseSizes(text, what, place, 1));
const edges = (text: string, what: string, place: Place) =>
  perAxisOf(text.split(/[,x]/).map(edge => parseWhole(edge, what, place)));

/** A rarer field, spelled `key=value`. */
const pair = (
  key: string,
  field: Word['field'],
  parse: (value: string, place: Place, draft: Draft) => unknown,
): Word => ({
  field,
  pattern: new RegExp(`^${key}=`),
  parse: (text, place, draft) => parse(text.slice(key.length + 1), place, draft),
});

const words: readonly Word[] = [
  { field: 'out', pattern: new RegExp(`^${numbers}(->?(\\d+)?)?$`), parse: parseChannels },
  letter('s', 'stride', axes, 'Stride'),
  letter('d', 'dilation', axes, 'Dilation'),
  letter('p', 'padding', edges, 'Padding'),
  {
    field: 'padding',
    pattern: /^p(same|same-upper|same-lower|valid)$/,
    parse: text => text.slice(1) as Padding,
  },
  letter('g', 'groups', whole, 'Number of groups'),
  letter('m', 'multiplier', whole, 'Depth multiplier'),
  letter('t', 'expansion', whole, 'Expansion'),
  letter('x', 'repeat', parseWhole, 'Repetition'),
  { field: 'bias', pattern: /^(no)?bias$/, parse: text => text === 'bias' },
  { field: 'ceil', pattern: /^ceil$/, parse: () => true },
  pair('name', 'name', named),
  pair('from', 'from', value => value.split(',')),
  pair('hidden', 'hidden', (value, place) => parseWhole(value, 'Hidden channels', place)),
  pair('squeeze', 'squeeze', (value, place) => parseNumber(value, 'Squeeze ratio', place)),
  pair('skips', 'skips', value => value !== 'no'),
  pair('word', 'word', value => value),
  pair('form', 'form', value => layerForms.find(form => form === value) ?? 'module'),
  pair('act', 'activation', parseActivation),
  pair('outpad', 'outputPadding', (value, place) => perAxisOf(parseSizes(value, 'Output padding', place))),
  pair('outshape', 'outputShape', (value, place) => parseSizes(value, 'Output shape', place)),
  pair('size', 'size', (value, place) => axes(value, 'Output size', place)),
  pair('start', 'start', (value, place) => parseWhole(value, 'Start', place)),
  pair('end', 'end', (value, place) => parseWhole(value, 'End', place)),
  pair('eps', 'epsilon', (value, place) => parseNumber(value, 'Epsilon', place)),
  pair('countpad', 'countPadding', value => value !== 'no'),
  ...(['alpha', 'beta', 'min', 'max'] as const).map(key =>
    pair(key, key, (value, place, { activation = makeActivation('none') }) => {
      const parameters = { ...activation.parameters, [key]: parseNumber(value, key, place) };
      return makeActivation(activation.name, parameters);
    }),
  ),
];

function named(value: string, place: Place): string {
  if (value === '') throw new ConvcostError('bad-value', { name: 'name', reason: 'it is empty' }, place);
  return value;
}

/** `64` or `3-64`; a pair also states the input channels. */
function parseChannels(text: string, place: Place, draft: Draft): number {
  const pairOf = /^(\d+)(?:->|-)(\d+)$/.exec(text);
  if (pairOf) draft.in = parseWhole(pairOf[1]!, 'Number of channels', place);
  return parseWhole(pairOf ? pairOf[2]! : text, 'Number of channels', place);
}

const ofEveryLayer: readonly string[] = ['name', 'from', 'form', 'repeat'];
const activationParameters: readonly string[] = ['alpha', 'beta', 'min', 'max'];

function applyWord(draft: Draft, token: Token): void {
  const { text, place } = token;
  // The shell takes the '>' of an unquoted 3->64 for a redirect, and leaves '3-'.
  if (/^\d+-$/.test(text)) throw new ConvcostError('redirected-arrow', { token: text }, place);
  const word = words.find(({ pattern }) => pattern.test(text));
  if (!word) throw unknownToken(token, `'${draft.op}' does not know it`);
  // A parameter belongs to whatever has an activation.
  const field = activationParameters.includes(word.field) ? 'activation' : word.field;
  const known: readonly string[] = [...ofEveryLayer, ...ops[draft.op].fields];
  const isKnown = known.includes(field) || known.includes(word.field);
  if (!isKnown)
    throw new ConvcostError('field-not-of-op', { token: text, op: draft.op, field: word.field }, place);
  if (draft.places[word.field])
    throw new ConvcostError('second-word', { token: text, op: draft.op, field: word.field }, place);
  draft.places[word.field] = place;
  Object.assign(draft, { [field]: word.parse(text, place, draft) });
}

/** `relu6`, as `act=` and spec files name it. */
function parseActivation(name: string, place?: Place) {
  if (isActivationName(name)) return makeActivation(name);
  throw new ConvcostError('unknown-activation', { word: name, known: Object.keys(activations) }, place);
}

/** Refuses a layer that lacks what has no default. */
function requireFields(draft: LayerSpec): void {
  for (const field of ops[draft.op].needs ?? []) {
    if (draft[field as keyof LayerSpec] === undefined) {
      throw new ConvcostError('field-missing', { op: draft.op, field }, draft.place);
    }
  }
}

function unknownToken({ text, place }: Token, why: string): ConvcostError {
  const kinds = opNames.map(name => (kernelOps.includes(name) ? `${name}3x3` : name));
  return new ConvcostError(
    'unknown-token',
    { token: text, why, suggestion: nearestWord(text, kinds) },
    place,
  );
}
