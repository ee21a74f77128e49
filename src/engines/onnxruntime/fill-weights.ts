import { bytesOf, type DType } from '../../model/dtype.js';
import { elementCount, type Shape } from '../../model/shape.js';
import { fillValues } from '../../tensor/fill.js';
import { bytesField, joinParts, type Message, messageField } from './protobuf.js';

interface Place {
  readonly start: number;
  readonly content: { readonly start: number; readonly end: number };
}

/** Where a model file would have the values that it lacks: bytes of the file, in its order. */
export interface MissingValues {
  readonly graph: Place;
  readonly tensors: readonly (Place & {
    readonly name: string;
    readonly shape: Shape;
    readonly dtype: DType;
  })[];
}

/**
 * A copy of a model file with values for every tensor that lacks them, as ONNX Runtime insists. Weights are
 * seeded random values, He-normal; vectors (biases, variances) are ones, so that nothing overflows; what is not
 * float32 is zero.
 */
export function fillWeights(file: Uint8Array, { graph, tensors }: MissingValues): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = graph.content.start;
  for (const { start, content, ...tensor } of tensors) {
    const kept = file.subarray(content.start, content.end);
    // Of a field that stands twice the last counts: a payload of no bytes may stay.
    parts.push(file.subarray(at, start), ...messageField(5, [kept], bytesField(9, valuesFor(tensor))));
    at = content.end;
  }
  parts.push(file.subarray(at, graph.content.end));
  const whole: Message = [
    file.subarray(0, graph.start),
    ...messageField(7, parts),
    file.subarray(graph.content.end),
  ];
  return joinParts(whole);
}

function valuesFor({ name, shape, dtype }: { name: string; shape: Shape; dtype: DType }): Uint8Array {
  const count = elementCount(shape);
  if (dtype !== 'f32') return new Uint8Array(bytesOf(count, dtype));
  const [, ...rest] = shape;
  const values =
    shape.length > 1
      ? fillValues({ type: 'fill', fill: 'random', seed: 1, fanIn: elementCount(rest) }, name, count)
      : new Float32Array(count).fill(1);
  return new Uint8Array(values.buffer);
}
