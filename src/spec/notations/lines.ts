import type { Place } from '../../errors.js';
import type { PlaceOf } from '../tokens.js';

/** Tells the line and column, both from 1, of an offset into a file's text. */
export function placesIn(text: string, file: string): PlaceOf {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) {
    starts.push(index + 1);
  }
  return offset => {
    const line = starts.findLastIndex(start => start <= offset);
    return { kind: 'file', file, line: line + 1, column: offset - starts[line]! + 1 };
  };
}

/** A word or a cell of a text, with where it stands. */
export interface Word {
  readonly text: string;
  readonly place: Place;
}

export interface Line {
  readonly text: string;
  readonly place: Place;
  readonly words: readonly Word[];
}

/** The lines that are not blank, each split into the matches of `word`. */
export function wordLines(text: string, word: RegExp, placeOf: PlaceOf): readonly Line[] {
  return Array.from(text.matchAll(/[^\n]*\S[^\n]*/g), ({ 0: line, index: start }) => ({
    text: line.trim(),
    place: placeOf(start + line.search(/\S/), start + line.length),
    words: Array.from(line.matchAll(word), ({ 0: found, index }) => ({
      text: found,
      place: placeOf(start + index, start + index + found.length),
    })),
  }));
}
