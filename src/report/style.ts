/** How a text is meant; what it looks like is the terminal's affair. */
export interface Style {
  strong(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  accent(text: string): string;
  /** One character for two grey pixels, one above the other, 0 to 255. */
  twoPixels(top: number, bottom: number): string;
}

const asIs = (text: string): string => text;

const shades = ' .:-=+*#%@';

/** Without colours: the mean of both, from blank for black to the densest letter for white. */
export const shade = (top: number, bottom: number): string =>
  shades[Math.min(Math.floor(((top + bottom) / 2 / 256) * shades.length), shades.length - 1)]!;

export const plainStyle: Style = {
  strong: asIs,
  dim: asIs,
  good: asIs,
  bad: asIs,
  warn: asIs,
  accent: asIs,
  twoPixels: shade,
};
