import { ConvcostError } from '../../errors.js';
import type { NetworkSpec } from '../layer-spec.js';
import { kerasCalls } from './keras-calls.js';
import { placesIn } from './lines.js';
import { mobilenetV2Rows } from './mobilenet-v2-rows.js';
import type { Notation } from './notation.js';
import { paperTable } from './paper-table.js';
import { pytorchRepr } from './pytorch-repr.js';
import { timmBlocks } from './timm-blocks.js';
import { tokens } from './token-lines.js';

/** Every notation that text may be in, in the order in which they are tried. To add one, add its line. */
export const notations: readonly Notation[] = [
  pytorchRepr,
  paperTable,
  mobilenetV2Rows,
  timmBlocks,
  kerasCalls,
  tokens,
];

const names = notations.map(({ name }) => name);

/** The notation that a text is in, by what it looks like. */
export const detectNotation = (text: string): Notation | undefined =>
  notations.find(({ matches }) => matches(text));

export interface ParseOptions {
  /** How errors call the text; absent: `stdin`. */
  readonly file?: string | undefined;
  /** The name of a notation; absent: found by content. */
  readonly from?: string | undefined;
  /** Read what can be read, as a lower bound. */
  readonly loose?: boolean | undefined;
}

/**
 * Reads pasted text, in whichever notation it is.
 *
 * @throws ConvcostError with line and column; `unknown-notation` where the text looks like none
 */
export function parseNotation(text: string, options: ParseOptions = {}): NetworkSpec {
  const { file = 'stdin', from, loose = false } = options;
  const placeOf = placesIn(text, file);
  const notation = from === undefined ? detectNotation(text) : notationCalled(from);
  if (!notation) throw new ConvcostError('unknown-notation', { known: names }, placeOf(0, 0));
  return notation.parse(text, { placeOf, loose });
}

function notationCalled(name: string): Notation {
  const notation = notations.find(each => each.name === name);
  if (notation) return notation;
  throw new ConvcostError('unknown-notation-name', { word: name, known: names });
}
