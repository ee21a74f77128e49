import { ConvcostError, type Place, withPlace } from '../../errors.js';
import type { ActivationName } from '../../model/activation.js';
import { parseNumber, parseWhole } from '../numbers.js';
import type { PlaceOf } from '../tokens.js';

/** The blocks that are known: their names in strings, and what they are. */
const timmKinds = {
  ir: 'inverted residual: expand, depthwise, project',
  ds: 'depthwise separable',
  er: 'edge residual: an expanding convolution, project',
  cn: 'convolution',
} as const;

export type TimmKind = keyof typeof timmKinds;

/** One string, understood; every default filled. */
export interface TimmBlock {
  readonly kind: TimmKind;
  readonly repeat: number;
  readonly kernel: number;
  readonly stride: number;
  readonly expansion: number;
  readonly channels: number;
  /** Part of the block's input channels. */
  readonly squeeze: number | undefined;
  /** `fc`: the channels that an edge residual expands from, in place of its input's. */
  readonly expandFrom: number | undefined;
  readonly activation: TimmActivation;
  readonly skips: boolean;
  readonly place: Place;
}

/** A part of a string behind the kind: its letters, and what they set. */
interface Option {
  readonly field: keyof TimmBlock;
  readonly what: string;
  readonly parse: (text: string, what: string) => unknown;
}

type TimmActivation = Exclude<ActivationName, 'none'>;

const activationCodes: Readonly<Record<string, TimmActivation>> = {
  re: 'relu',
  r6: 'relu6',
  hs: 'hardswish',
  sw: 'silu',
  mi: 'mish',
};

const whole = parseWhole;
const number = (text: string, what: string) => parseNumber(text, what);

const options: Readonly<Record<string, Option>> = {
  r: { field: 'repeat', what: 'Repetition', parse: whole },
  k: { field: 'kernel', what: 'Kernel size', parse: whole },
  s: { field: 'stride', what: 'Stride', parse: whole },
  e: { field: 'expansion', what: 'Expansion', parse: number },
  c: { field: 'channels', what: 'Number of channels', parse: whole },
  se: { field: 'squeeze', what: 'Squeeze ratio', parse: number },
  fc: { field: 'expandFrom', what: 'Number of channels', parse: whole },
};

/**
 * Every block string of a text.
 *
 * @throws ConvcostError with the place of the string, or of the part of it that is wrong
 */
export function parseTimmBlocks(text: string, placeOf: PlaceOf): readonly TimmBlock[] {
  const uncommented = text.replace(/#[^\n]*/g, comment => ' '.repeat(comment.length));
  const blocks = Array.from(uncommented.matchAll(/[^\s'",[\]()]+/g), ({ 0: word, index }) =>
    parseBlock(word, (start, end) => placeOf(index + start, index + end)),
  );
  if (blocks.length === 0) throw new ConvcostError('no-layers', { what: 'The text' });
  return blocks;
}

function parseBlock(text: string, placeOf: PlaceOf): TimmBlock {
  const place = placeOf(0, text.length);
  const [kind, ...parts] = text.split('_');
  if (!Object.hasOwn(timmKinds, kind!)) {
    throw new ConvcostError('unknown-block', { text, word: kind!, known: Object.keys(timmKinds) }, place);
  }
  const block: Record<string, unknown> = {};
  let start = kind!.length + 1;
  for (const part of parts) {
    withPlace(placeOf(start, start + part.length), () => Object.assign(block, parsePart(part)));
    start += part.length + 1;
  }
  if (block['channels'] === undefined) throw new ConvcostError('block-without-channels', { text }, place);
  return { ...defaults, ...block, kind: kind as TimmKind, place } as TimmBlock;
}

const defaults = {
  repeat: 1,
  kernel: 3,
  stride: 1,
  expansion: 1,
  squeeze: undefined,
  expandFrom: undefined,
  activation: 'relu',
  skips: true,
} as const;

function parsePart(part: string): Partial<TimmBlock> {
  if (part === 'noskip') return { skips: false };
  if (part === 'skip') return { skips: true };
  const code = /^n([a-z]\w)$/.exec(part)?.[1];
  if (code && activationCodes[code]) return { activation: activationCodes[code] };
  const [, letters = '', value = ''] = /^([a-z]+)(-?[\d.].*)$/.exec(part) ?? [];
  const option = Object.hasOwn(options, letters) ? options[letters] : undefined;
  if (!option) throw new ConvcostError('unknown-block-part', { part, known: Object.keys(options) });
  const parsed = option.parse(value, option.what);
  if (typeof parsed === 'number' && parsed > 0) return { [option.field]: parsed };
  throw new ConvcostError('not-positive', { what: option.what, value: Number(value) });
}
