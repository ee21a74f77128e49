/**
 * A run's text without what the clock and the machine decide: durations and speeds become words, and the
 * blanks that line up columns shrink to one.
 */
export const normaliseTimings = (text: string): string =>
  text
    .replace(/\d+(?:\.\d+)? (?:us|ms|s)\b/g, '<time>')
    .replace(/(<time> +<time>) +[\d.e+-]+/g, '$1 <speed>')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '');
