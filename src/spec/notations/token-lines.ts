import { beginsWithToken, parseTokens } from '../tokens.js';
import type { Notation } from './notation.js';

/** Layer tokens over one or more lines, with `#` before what is said to people. */
export const tokens: Notation = {
  name: 'tokens',
  says: 'layer tokens, as on the command line',
  example: '@224x224x3 conv3x3 32 s2 sep3x3 64',
  matches: text => beginsWithToken(withoutComments(text)),
  parse: (text, { placeOf }) => parseTokens(withoutComments(text), placeOf),
};

/** Blanks in their place, so that everything else stays where it is. */
const withoutComments = (text: string): string =>
  text.replace(/(^|\s)#[^\n]*/g, comment => comment.replace(/[^\n]/g, ' '));
