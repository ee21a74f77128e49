/** Columns of a terminal: East Asian characters and pictographs take two. */
export const displayWidth = (text: string): number =>
  [...text].length + (text.match(wideCharacters)?.length ?? 0);
const wideCharacters =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
