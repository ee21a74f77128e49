import type { MatmulProduct } from '../../model/layer.js';
import type { Shape } from '../../model/shape.js';
import { broadcast, sizeOf } from './shapes/elements.js';

/** Matrix products and the shape of what comes out: one reading of the operands for shapes and for counts. */
export interface Products {
  readonly shape: Shape;
  readonly products: readonly MatmulProduct[];
}

/**
 * The product of two tensors as NumPy's matmul has it: the last two axes are matrices, the others are
 * stretched to each other, a vector is a row on the left and a column on the right. A right operand that
 * is one matrix makes one product with all rows of the left.
 *
 * @returns undefined where the shapes do not fit
 */
export function matmulOf(left: Shape, right: Shape): Products | undefined {
  if (left.length === 0 || right.length === 0) return undefined;
  const a = left.length === 1 ? [1, ...left] : left;
  const b = right.length === 1 ? [...right, 1] : right;
  const [m, k] = a.slice(-2) as [number, number];
  const [rows, n] = b.slice(-2) as [number, number];
  const leading = broadcast([a.slice(0, -2), b.slice(0, -2)]);
  if (rows !== k || leading === undefined) return undefined;
  const shape = [...leading, ...(left.length === 1 ? [] : [m]), ...(right.length === 1 ? [] : [n])];
  const batch = sizeOf(leading);
  const product = b.length === 2 ? { batch: 1, m: batch * m, k, n } : { batch, m, k, n };
  return { shape, products: [product] };
}

/** Swaps the last two axes of a matrix operand. */
export const transposedShape = (shape: Shape): Shape =>
  shape.length < 2 ? shape : [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];

/**
 * The products of an Einsum, operand by operand from the left. Labels in both operands and needed later
 * are the batch, labels in both and not needed are summed over, the others are rows and columns; a label
 * of one operand alone that nothing needs is added up first.
 *
 * @returns undefined where the equation and the shapes do not fit
 */
export function einsumOf(equation: string, shapes: readonly Shape[]): Products | undefined {
  const parsed = parseEinsum(equation.replaceAll(/\s/g, ''), shapes);
  if (parsed === undefined) return undefined;
  const { terms, result, sizes } = parsed;
  const size = (labels: readonly string[]) => sizeOf(labels.map(label => sizes.get(label)!));

  const products: MatmulProduct[] = [];
  let left = terms[0] ?? [];
  for (const [index, right] of terms.slice(1).entries()) {
    const later = new Set([...result, ...terms.slice(index + 2).flat()]);
    const shared = left.filter(label => right.includes(label));
    const rows = left.filter(label => !right.includes(label) && later.has(label));
    const columns = right.filter(label => !left.includes(label) && later.has(label));
    const kept = shared.filter(label => later.has(label));
    const summed = shared.filter(label => !later.has(label));
    products.push({ batch: size(kept), m: size(rows), k: size(summed), n: size(columns) });
    left = [...kept, ...rows, ...columns];
  }
  return { shape: result.map(label => sizes.get(label)!), products };
}

interface Einsum {
  readonly terms: readonly (readonly string[])[];
  readonly result: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

function parseEinsum(equation: string, shapes: readonly Shape[]): Einsum | undefined {
  const [inputs = '', output] = equation.split('->');
  const written = inputs.split(',');
  if (written.length !== shapes.length) return undefined;
  const sizes = new Map<string, number>();
  const dots = new Set<string>();
  const terms = written.map((term, index) => labelsOf(term, shapes[index]!.length));
  for (const [index, labels] of terms.entries()) {
    const shape = shapes[index]!;
    if (labels === undefined || labels.length !== shape.length) return undefined;
    for (const [axis, label] of labels.entries()) {
      if (label.startsWith('.')) dots.add(label);
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && shape[axis] !== 1 && known !== shape[axis]) return undefined;
      sizes.set(label, Math.max(known, shape[axis]!));
    }
  }
  const distinct = terms.map(labels => [...new Set(labels)]);
  const result =
    output === undefined
      ? implicitResult(
          terms.flatMap(labels => labels ?? []),
          dots,
        )
      : outputLabels(output, dots);
  return result.every(label => sizes.has(label)) ? { terms: distinct, result, sizes } : undefined;
}

/** The label of each axis; `...` takes the axes that are left, named from the last one. */
function labelsOf(term: string, rank: number): string[] | undefined {
  const [before = '', after] = term.split('...');
  if (after === undefined) return [...before];
  const count = rank - before.length - after.length;
  if (count < 0) return undefined;
  return [...before, ...dotLabels(count), ...after];
}

const dotLabels = (count: number): string[] => Array.from({ length: count }, (_, at) => `.${count - at}`);

function outputLabels(output: string, dots: ReadonlySet<string>): string[] {
  const [before = '', after] = output.split('...');
  return after === undefined ? [...before] : [...before, ...dotLabels(dots.size), ...after];
}

/** Without an arrow: the labels that stand once, in alphabetical order. */
function implicitResult(labels: readonly string[], dots: ReadonlySet<string>): string[] {
  const once = labels.filter(
    label => !label.startsWith('.') && labels.indexOf(label) === labels.lastIndexOf(label),
  );
  return [...dotLabels(dots.size), ...once.sort()];
}
