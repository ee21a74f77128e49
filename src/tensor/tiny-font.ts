/** Letters of 3x5 dots, a row a group: enough to name a layer in a picture. Upper case is drawn as lower. */
const glyphs: Readonly<Record<string, string>> = {
  a: '... .## #.# #.# .##',
  b: '#.. ##. #.# #.# ##.',
  c: '... .## #.. #.. .##',
  d: '..# .## #.# #.# .##',
  e: '... .#. ### #.. .##',
  f: '.## #.. ##. #.. #..',
  g: '.## #.# .## ..# ##.',
  h: '#.. ##. #.# #.# #.#',
  i: '.#. ... .#. .#. .#.',
  j: '..# ... ..# #.# .#.',
  k: '#.# #.# ##. #.# #.#',
  l: '##. .#. .#. .#. ###',
  m: '... ### ### #.# #.#',
  n: '... ##. #.# #.# #.#',
  o: '... .#. #.# #.# .#.',
  p: '##. #.# ##. #.. #..',
  q: '.## #.# .## ..# ..#',
  r: '... #.# ##. #.. #..',
  s: '.## #.. .#. ..# ##.',
  t: '.#. ### .#. .#. .##',
  u: '... #.# #.# #.# .##',
  v: '... #.# #.# #.# .#.',
  w: '... #.# #.# ### ###',
  x: '... #.# .#. .#. #.#',
  y: '#.# #.# .## ..# ##.',
  z: '... ### ..# .#. ###',
  0: '.#. #.# #.# #.# .#.',
  1: '.#. ##. .#. .#. ###',
  2: '##. ..# .#. #.. ###',
  3: '##. ..# .#. ..# ##.',
  4: '#.# #.# ### ..# ..#',
  5: '### #.. ##. ..# ##.',
  6: '.## #.. ### #.# ###',
  7: '### ..# .#. .#. .#.',
  8: '### #.# ### #.# ###',
  9: '### #.# ### ..# ##.',
  '.': '... ... ... ... .#.',
  '-': '... ... ### ... ...',
  _: '... ... ... ... ###',
  '/': '..# ..# .#. #.. #..',
  '+': '... .#. ### .#. ...',
};

const letterWidth = 4;
export const letterHeight = 5;

/** Calls `dot` for every dot of a text that begins at (0, 0); what has no glyph stays blank. */
export function drawText(text: string, dot: (x: number, y: number) => void): void {
  [...text.toLowerCase()].forEach((letter, index) => {
    const rows = Object.hasOwn(glyphs, letter) ? glyphs[letter]!.split(' ') : [];
    rows.forEach((row, y) => {
      [...row].forEach((mark, x) => {
        if (mark === '#') dot(index * letterWidth + x, y);
      });
    });
  });
}
