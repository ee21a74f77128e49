import type { DType } from '../../model/dtype.js';
import type { Shape } from '../../model/shape.js';
import type { ByteSource } from '../byte-source.js';
import { decodeMessage, type FieldReader, type Schema, type Span } from '../protobuf.js';
import { checkedShape, dtypeOf } from './stored-tensor.js';

/** A message inside another one, with the tag and the length before it. */
export interface Place {
  /** Where its tag stands. */
  readonly start: number;
  readonly content: Span;
}

/** A tensor that a model file declares, but does not hold. */
export interface AbsentTensor extends Place {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Where a model file would have the weights that it lacks; places are bytes of the file. */
export interface AbsentWeights {
  readonly graph: Place;
  /** In the order of the file. */
  readonly tensors: readonly AbsentTensor[];
}

/**
 * Looks for initializers that keep their shape and type but no values: files that were made small to be counted.
 * Values that lie in a file beside this one are not absent.
 *
 * @throws ConvcostError where the file is broken
 */
export function findAbsentWeights(source: ByteSource): AbsentWeights | undefined {
  const { graph } = decodeMessage(source, modelPlaces);
  if (!graph) return undefined;
  const { initializers } = decodeMessage(partOf(source, graph.content), graphPlaces);
  const tensors = initializers.flatMap((place): AbsentTensor[] => {
    const shifted = shift(place, graph.content.start);
    const { name, dims, type, payload, isExternal } = decodeMessage(
      partOf(source, shifted.content),
      tensorSize,
    );
    const shape = checkedShape(dims, name);
    if (payload > 0 || isExternal || shape.includes(0)) return [];
    return [{ ...shifted, name, shape, dtype: dtypeOf(type) }];
  });
  return tensors.length > 0 ? { graph, tensors } : undefined;
}

/** Notes where a field of a number below 16 stands: its tag is the one byte before. */
function placeOf(field: FieldReader): Place {
  const start = field.position - 1;
  return { start, content: field.span() };
}

const modelPlaces: Schema<{ graph: Place | undefined }> = {
  create: () => ({ graph: undefined }),
  fields: { 7: (model, field) => (model.graph = placeOf(field)) },
};

const graphPlaces: Schema<{ initializers: Place[] }> = {
  create: () => ({ initializers: [] }),
  fields: { 5: (graph, field) => graph.initializers.push(placeOf(field)) },
};

interface TensorSize {
  name: string;
  readonly dims: number[];
  type: number;
  /** Bytes of values, in whichever field they are. */
  payload: number;
  isExternal: boolean;
}

const measurePayload = (tensor: TensorSize, field: FieldReader) => {
  const { start, end } = field.span();
  tensor.payload += end - start;
};

/** Of a TensorProto, what tells whether its values are there. */
const tensorSize: Schema<TensorSize> = {
  create: () => ({ name: '', dims: [], type: 0, payload: 0, isExternal: false }),
  fields: {
    1: (tensor, field) => field.ints(tensor.dims),
    2: (tensor, field) => (tensor.type = field.int()),
    ...Object.fromEntries([4, 5, 6, 7, 9, 10, 11].map(number => [number, measurePayload])),
    8: (tensor, field) => (tensor.name = field.text()),
    14: (tensor, field) => (tensor.isExternal = field.int() === 1),
  },
};

const shift = ({ start, content }: Place, by: number): Place => ({
  start: start + by,
  content: { start: content.start + by, end: content.end + by },
});

const partOf = (source: ByteSource, { start, end }: Span): ByteSource => ({
  size: end - start,
  read: (target, position) =>
    source.read(target.subarray(0, Math.max(end - start - position, 0)), start + position),
});
