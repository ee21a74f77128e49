import { ConvcostError, type Place } from '../../errors.js';
import { formatShape, type Shape } from '../../model/shape.js';

/** A row with a stride, and what the row below says that it leads to. */
interface StrideQuestion {
  readonly row: string;
  readonly stride: number;
  /** Height, width and channels behind the row, for a stride. */
  readonly after: (stride: number) => Shape;
  readonly below: { readonly text: string; readonly input: Shape; readonly place: Place };
  /** Whether the row has a stride to be wrong about. */
  readonly isStrided: boolean;
}

/**
 * The stride of a row: the one that it states where that gives the size that the row below states, else the
 * one that does, with a note.
 *
 * @throws ConvcostError `row-size-disagrees` where none does
 */
export function settleStride(question: StrideQuestion, notes: string[]): number {
  const { row, stride, after, below, isStrided } = question;
  const wanted = formatShape(below.input);
  const stated = after(stride);
  if (formatShape(stated) === wanted) return stride;
  const largest = isStrided ? Math.max(...after(1)) : 0;
  for (let other = 1; other <= largest; other++) {
    if (formatShape(after(other)) !== wanted) continue;
    notes.push(
      `'${row}': a stride of ${stride} gives ${formatShape(stated.slice(0, -1))}, but the next row reads ${formatShape(below.input.slice(0, -1))}. Read as a stride of ${other}.`,
    );
    return other;
  }
  const details = { row: below.text, stated: below.input, actual: stated };
  throw new ConvcostError('row-size-disagrees', details, below.place);
}
