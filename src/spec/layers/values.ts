import { ConvcostError } from '../../errors.js';
import type { ValueSource } from '../../model/network.js';
import { elementCount, type Shape, sameShape } from '../../model/shape.js';
import type { ValuesSpec } from '../layer-spec.js';

const defaultSeed = 1;

/**
 * The source of a tensor's values: what was written, checked against the shape that the layer needs, or
 * seeded random values.
 *
 * @param what how errors call it: `weights`, `data`
 * @param shapeIn the shape that the values must have in a layout, which it also validates
 * @throws ConvcostError `wrong-value-count`, `wrong-value-shape`
 */
export function valueSource(
  what: string,
  written: ValuesSpec | undefined,
  defaultLayout: string,
  shapeIn: (layout: string) => Shape,
  fanIn?: number,
): ValueSource {
  if (written === undefined || 'fill' in written) {
    const { fill, seed } = written ?? { fill: 'random', seed: defaultSeed };
    return { type: 'fill', fill, seed, ...(fanIn !== undefined && { fanIn }) };
  }
  const layout = written.layout ?? defaultLayout;
  const shape = shapeIn(layout);
  if ('file' in written) return { type: 'file', path: written.file, layout };
  const { values, shape: given } = written;
  if (given && !sameShape(given, shape)) {
    throw new ConvcostError('wrong-value-shape', { what, layout, given, needed: shape });
  }
  const needed = elementCount(shape);
  if (values.length !== needed) {
    throw new ConvcostError('wrong-value-count', { what, layout, count: values.length, needed, shape });
  }
  return { type: 'values', values, shape, layout };
}

/** Bias values: one per output channel; zero where none are written. */
export function biasSource(values: readonly number[] | undefined, outChannels: number): ValueSource {
  if (values === undefined) return { type: 'fill', fill: 'zeros', seed: defaultSeed };
  return valueSource('biases', { values }, 'O', () => [outChannels]);
}

export const constantFill = (fill: 'ones' | 'zeros'): ValueSource => ({
  type: 'fill',
  fill,
  seed: defaultSeed,
});
