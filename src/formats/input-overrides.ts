import { ConvcostError } from '../errors.js';
import type { Shape } from '../model/shape.js';

/** What the user says about a model's inputs; it wins over what the file says. */
export interface InputOverrides {
  /** For the only input there is. */
  readonly shape?: Shape | undefined;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Sizes of symbolic dims, by symbol. */
  readonly dims: ReadonlyMap<string, number>;
  readonly batch?: number | undefined;
}

export const noOverrides: InputOverrides = { shapes: new Map(), dims: new Map() };

/**
 * Reads the texts of `--input`: `1x3x224x224`, `NAME=1x3x224x224`, `N=1`; several may be joined by commas. A
 * single number after a name is a symbolic dim and, where the model has an input of that name, its shape
 * or, of an input without axes, its value.
 *
 * @throws ConvcostError `input-syntax`
 */
export function parseInputOverrides(texts: readonly string[], batch?: number): InputOverrides {
  let shape: Shape | undefined;
  const shapes = new Map<string, Shape>();
  const dims = new Map<string, number>();
  for (const text of texts.flatMap(text => text.split(','))) {
    const split = text.lastIndexOf('=');
    const sizes = parseSizes(text.slice(split + 1), text);
    if (split < 0) shape = sizes;
    else if (sizes.length === 1) dims.set(text.slice(0, split), sizes[0]!);
    else shapes.set(text.slice(0, split), sizes);
  }
  return { shape, shapes, dims, batch };
}

function parseSizes(sizes: string, text: string): Shape {
  if (!/^\d+(x\d+)*$/.test(sizes)) throw new ConvcostError('input-syntax', { text });
  return sizes.split('x').map(size => Number(size));
}
