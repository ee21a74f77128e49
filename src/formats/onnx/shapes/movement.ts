import type { Shape } from '../../../model/shape.js';
import type { NodeContext } from '../node-context.js';
import type { Inferred, Padded } from '../value.js';
import { broadcast, broadcastReader, canFold, elementAt, fold, sizeOf, stridesOf } from './elements.js';
import type { Rules } from './rule.js';

/** The same elements in the same order under another shape. */
const reshaped = (node: NodeContext, shape: Shape): Inferred => ({
  shape,
  data: canFold(shape) ? node.data(0) : undefined,
});

const reshape = (node: NodeContext): Inferred => {
  const target = node.ints('shape') ?? node.values(1);
  if (target.filter(size => size === -1).length > 1) node.refuse('shape', target, 'one -1 at most');
  const input = node.shape(0);
  const keepsZero = node.int('allowzero', 0) === 1;
  const sizes = target.map((size, axis) => (size === 0 && !keepsZero ? (input[axis] ?? 0) : size));
  const open = sizes.indexOf(-1);
  const known = sizeOf(sizes.filter((_, axis) => axis !== open));
  if (open >= 0) {
    if (known === 0 ? sizeOf(input) !== 0 : sizeOf(input) % known !== 0)
      return wrongTarget(node, input, target);
    sizes[open] = known === 0 ? 0 : sizeOf(input) / known;
  }
  if (sizeOf(sizes) !== sizeOf(input)) return wrongTarget(node, input, target);
  return reshaped(node, sizes);
};

const wrongTarget = (node: NodeContext, input: Shape, target: Shape): never =>
  node.disagree('The elements do not fit.', input, target);

const flatten = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const axis = node.int('axis', 1);
  const split = axis < 0 ? axis + shape.length : axis;
  if (split < 0 || split > shape.length)
    node.refuse('axis', axis, `a place in a tensor of rank ${shape.length}`);
  return reshaped(node, [sizeOf(shape.slice(0, split)), sizeOf(shape.slice(split))]);
};

const squeeze = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const axes = node.axesFrom(1)?.map(axis => node.axis(axis, shape.length, 'axes'));
  const wrong = axes?.find(axis => shape[axis] !== 1);
  if (wrong !== undefined) node.refuse('axes', wrong, `an axis of size 1; the input is [${shape}]`);
  return reshaped(
    node,
    shape.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1)),
  );
};

const unsqueeze = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const given = node.axesFrom(1) ?? [];
  const rank = shape.length + given.length;
  const axes = new Set(given.map(axis => node.axis(axis, rank, 'axes')));
  if (axes.size !== given.length) node.refuse('axes', given, 'axes that differ');
  const rest = shape.values();
  return reshaped(
    node,
    Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : rest.next().value!)),
  );
};

const transpose = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const order = node.ints('perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
  const axes = order.map(axis => node.axis(axis, shape.length, 'perm'));
  if (new Set(axes).size !== shape.length)
    node.refuse('perm', order, `each of the ${shape.length} axes once`);
  const result = axes.map(axis => shape[axis]!);
  const data = canFold(result) ? node.data(0) : undefined;
  const steps = stridesOf(shape);
  const from = (place: readonly number[]) =>
    place.reduce((sum, at, axis) => sum + at * steps[axes[axis]!]!, 0);
  return { shape: result, data: data && fold(result, place => data[from(place)]!) };
};

const concat = (node: NodeContext): Inferred => {
  const shapes = node.inputs.map((_, index) => node.shape(index));
  const first = node.shape(0);
  const axis = node.axis(node.int('axis', 1), first.length);
  const agree = (shape: Shape) =>
    shape.length === first.length && shape.every((size, at) => at === axis || size === first[at]);
  if (!shapes.every(agree)) node.disagree(`They differ beside axis ${axis}.`, ...shapes);
  const shape = first.with(
    axis,
    shapes.reduce((sum, part) => sum + part[axis]!, 0),
  );
  return { shape, data: canFold(shape) ? concatData(node, shapes, shape, axis) : undefined };
};

function concatData(
  node: NodeContext,
  shapes: readonly Shape[],
  shape: Shape,
  axis: number,
): number[] | undefined {
  const parts = node.inputs.map((_, index) => node.data(index));
  if (!parts.every(part => part !== undefined)) return undefined;
  return fold(shape, place => {
    let [part, at] = [0, place[axis]!];
    while (at >= shapes[part]![axis]!) at -= shapes[part++]![axis]!;
    return elementAt(parts[part]!, shapes[part]!, place.with(axis, at));
  });
}

/** Parts of equal size, the last one smaller where it must be; or the sizes that are given. */
const split = (node: NodeContext): readonly Inferred[] => {
  const shape = node.shape(0);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const whole = shape[axis]!;
  const given = node.ints('split') ?? node.optionalValues(1);
  if (given && given.reduce((sum, size) => sum + size, 0) !== whole) {
    node.refuse('split', given, `sizes that add to ${whole}`);
  }
  const even = Math.ceil(whole / node.int('num_outputs', node.outputCount));
  const sizes =
    given ??
    Array.from({ length: node.outputCount }, (_, part) => Math.max(0, Math.min(even, whole - part * even)));
  let begin = 0;
  return sizes.map(size => {
    const result = shape.with(axis, size);
    const offset = begin;
    begin += size;
    const data = canFold(shape) ? node.data(0) : undefined;
    return {
      shape: result,
      data: data && fold(result, place => elementAt(data, shape, place.with(axis, place[axis]! + offset))),
    };
  });
};

/** Opset 1 to 9 have attributes; later ones inputs, with steps. Ends beyond the tensor mean its end. */
const slice = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const given = node.ints('starts');
  const starts = given ?? node.values(1);
  const ends = node.ints('ends') ?? node.values(2);
  const axes = (node.ints('axes') ?? node.optionalValues(3) ?? starts.map((_, axis) => axis)).map(axis =>
    node.axis(axis, shape.length, 'axes'),
  );
  const steps = (given ? undefined : node.optionalValues(4)) ?? starts.map(() => 1);
  const begins = shape.map(() => 0);
  const strides = shape.map(() => 1);
  const result = [...shape];
  for (const [index, axis] of axes.entries()) {
    const size = shape[axis]!;
    const step = steps[index] ?? 1;
    if (step === 0) node.refuse('steps', step, 'a step other than 0');
    // Walking backwards, the first place may be the last element, and the end lies before the first.
    const [last, least] = step < 0 ? [size - 1, -1] : [size, 0];
    const clamp = (at: number, from: number) => Math.min(Math.max(at < 0 ? at + size : at, from), last);
    const begin = clamp(starts[index] ?? 0, 0);
    begins[axis] = begin;
    strides[axis] = step;
    result[axis] = Math.max(0, Math.ceil((clamp(ends[index] ?? size, least) - begin) / step));
  }
  const data = canFold(result) ? node.data(0) : undefined;
  const from = (place: readonly number[]) => place.map((at, axis) => begins[axis]! + at * strides[axis]!);
  return { shape: result, data: data && fold(result, place => elementAt(data, shape, from(place))) };
};

const expand = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const target = node.values(1);
  const result = broadcast([shape, target]) ?? node.disagree('The first cannot be stretched.', shape, target);
  const data = canFold(result) ? node.data(0) : undefined;
  return { shape: result, data: data && fold(result, broadcastReader(data, shape)) };
};

const tile = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  // Opset 1: how many tiles, and along which axis.
  const repeats =
    node.opset < 6
      ? shape.map((_, axis) => (axis === node.values(2)[0] ? node.values(1)[0]! : 1))
      : node.values(1);
  if (repeats.length !== shape.length)
    node.refuse('repeats', repeats, `one number for each of ${shape.length} axes`);
  const result = shape.map((size, axis) => size * repeats[axis]!);
  const data = canFold(result) ? node.data(0) : undefined;
  return {
    shape: result,
    data:
      data &&
      fold(result, place =>
        elementAt(
          data,
          shape,
          place.map((at, axis) => at % shape[axis]!),
        ),
      ),
  };
};

const pad = (node: NodeContext): Inferred => {
  const shape = node.shape(0);
  const pads = node.ints('pads') ?? node.ints('paddings') ?? node.values(1);
  const axes = (node.optionalValues(3) ?? shape.map((_, axis) => axis)).map(axis =>
    node.axis(axis, shape.length, 'axes'),
  );
  if (pads.length !== 2 * axes.length)
    node.refuse('pads', pads, `${2 * axes.length} numbers: begins, then ends`);
  const result = [...shape];
  for (const [index, axis] of axes.entries()) result[axis]! += pads[index]! + pads[index + axes.length]!;
  return { shape: result, padded: zerosAround(node, pads) };
};

/** The spatial edges where the node puts zeros around feature maps, and does nothing else. */
function zerosAround(node: NodeContext, pads: readonly number[]): Padded | undefined {
  const rank = pads.length / 2;
  const fills = node.inputs[2] ? (node.data(2)?.[0] ?? Number.NaN) : node.float('value', 0);
  if (node.text('mode', 'constant') !== 'constant' || fills !== 0 || node.inputs[3] || rank < 3)
    return undefined;
  const [begins, ends] = [pads.slice(0, rank), pads.slice(rank)];
  if ([...begins.slice(0, 2), ...ends.slice(0, 2)].some(edge => edge !== 0) || pads.some(edge => edge < 0))
    return undefined;
  return { value: node.input(0), edges: [...begins.slice(2), ...ends.slice(2)] };
}

const depthToSpace = (node: NodeContext): Inferred => {
  const [batch, channels, height, width] = mapShape(node);
  const block = node.int('blocksize', 0);
  if (block < 1 || channels % block ** 2 !== 0)
    node.refuse('blocksize', block, `a divisor of ${channels} channels, twice`);
  return { shape: [batch, channels / block ** 2, height * block, width * block] };
};

const spaceToDepth = (node: NodeContext): Inferred => {
  const [batch, channels, height, width] = mapShape(node);
  const block = node.int('blocksize', 0);
  if (block < 1 || height % block || width % block)
    node.refuse('blocksize', block, `a divisor of ${height} and ${width}`);
  return { shape: [batch, channels * block ** 2, height / block, width / block] };
};

function mapShape(node: NodeContext): readonly [number, number, number, number] {
  const shape = node.shape(0);
  if (shape.length !== 4) node.disagree('Four axes are needed.', shape);
  return shape as unknown as readonly [number, number, number, number];
}

const withFirstShape = (node: NodeContext): Inferred => ({ shape: node.input(0).shape });

export const movement: Rules = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  // PyTorch's exporter for opset 9 and earlier, where the places are not constant.
  DynamicSlice: slice,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  ReverseSequence: withFirstShape,
  Scatter: withFirstShape,
  ScatterElements: withFirstShape,
  ScatterND: withFirstShape,
  TensorScatter: withFirstShape,
};
