/** How a text is meant; what it looks like is the terminal's affair. */
export interface Style {
  strong(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  accent(text: string): string;
}

const asIs = (text: string): string => text;

export const plainStyle: Style = { strong: asIs, dim: asIs, good: asIs, bad: asIs, warn: asIs, accent: asIs };
