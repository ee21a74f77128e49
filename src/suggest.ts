import { closest, distance } from 'fastest-levenshtein';

/** The nearest known word, where one is near enough to be meant. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > 60) return undefined;
  const nearest = closest(word.toLowerCase(), [...known]);
  return distance(word.toLowerCase(), nearest.toLowerCase()) <= Math.max(1, Math.round(nearest.length * 0.45))
    ? nearest
    : undefined;
}

/** ` Did you mean 'conv'?` behind a sentence, or nothing. */
export const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;
