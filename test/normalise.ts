/**
 * A run's text without what the clock and the machine decide: durations, speeds and the kernels that a
 * runtime's tuning chooses become words, and the blanks that line up columns shrink to one.
 */
export const normaliseTimings = (text: string): string =>
  text
    .replace(/\d+(?:\.\d+)? (?:us|ms|s)\b/g, '<time>')
    .replace(/(<time> +<time>) +[\d.e+-]+/g, '$1 <speed>')
    .replace(/\bf32-[\w-]+/g, '<kernel>')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '');
