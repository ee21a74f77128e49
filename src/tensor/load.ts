import { ConvcostError } from '../errors.js';
import type { ValueSource } from '../model/network.js';
import { elementCount, type Shape, sameShape } from '../model/shape.js';
import { fillValues } from './fill.js';
import { permute } from './permute.js';

/** Values and the shape they come in, as a file of numbers holds them. */
export interface LoadedArray {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
}

/** What reads the files that a spec names; the core knows no file system. */
export type ReadArray = (path: string) => Promise<LoadedArray>;

export interface WantedTensor {
  readonly name: string;
  readonly shape: Shape;
  /** Our axis order for values written in a layout: `OIHW` for weights in HWIO. */
  readonly orderFor: (layout: string) => string;
  /** The shape that values in a layout must have. */
  readonly shapeIn: (layout: string) => Shape;
}

/**
 * The values of a tensor, float32, in our own axis order. Where a model file does not hold them, seeded
 * random ones.
 */
export async function loadValues(
  source: ValueSource,
  wanted: WantedTensor,
  readArray: ReadArray,
): Promise<Float32Array> {
  const { name, shape, orderFor } = wanted;
  switch (source.type) {
    case 'fill':
      return fillValues(source, name, elementCount(shape));
    case 'values':
      return permute(source.values, source.shape, source.layout, orderFor(source.layout));
    case 'payload':
      return source.read();
    case 'absent':
      return fillValues(
        { type: 'fill', fill: 'random', seed: 1, fanIn: fanInOf(shape) },
        name,
        elementCount(shape),
      );
    case 'file': {
      const { path, layout } = source;
      const { values, shape: found } = await readArray(path);
      const needed = wanted.shapeIn(layout);
      if (!fitsShape(found, needed)) {
        throw new ConvcostError('wrong-file-shape', { path, found, layout, needed });
      }
      requireFinite(values, path);
      return permute(values, needed, layout, orderFor(layout));
    }
  }
}

/** One NaN makes every output that it reaches NaN: it is refused where it comes in. */
function requireFinite(values: ArrayLike<number>, path: string): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(Math.fround(value))) throw new ConvcostError('not-finite', { path, index, value });
  }
}

/** A file may leave out axes of size 1, or hold its values in one row. */
function fitsShape(found: Shape, needed: Shape): boolean {
  const longAxes = (shape: Shape) => shape.filter(size => size !== 1);
  if (sameShape(longAxes(found), longAxes(needed))) return true;
  return found.length === 1 && found[0] === elementCount(needed);
}

const fanInOf = ([_out, ...rest]: Shape): number => Math.max(elementCount(rest), 1);
