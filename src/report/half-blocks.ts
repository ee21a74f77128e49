import type { GreyPicture } from './document.js';
import type { Style } from './style.js';

const gap = '  ';

/**
 * Pictures of one size side by side, as text: every character shows two pixels, one above the other. Without
 * colours a character shows their mean as a shade.
 */
export function halfBlocks(pictures: readonly GreyPicture[], style: Style): readonly string[] {
  const height = Math.max(0, ...pictures.map(picture => picture.height));
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) =>
    pictures.map(picture => line(picture, row, style)).join(gap),
  );
}

function line({ width, height, pixels }: GreyPicture, row: number, style: Style): string {
  return Array.from({ length: width }, (_, x) => {
    const top = pixels[2 * row * width + x] ?? 0;
    const bottom = 2 * row + 1 < height ? pixels[(2 * row + 1) * width + x]! : top;
    return style.twoPixels(top, bottom);
  }).join('');
}

/** How many pictures of `width` characters stand side by side. */
export const picturesAcross = (width: number, terminal: number): number =>
  Math.max(Math.floor((terminal + gap.length) / (width + gap.length)), 1);
