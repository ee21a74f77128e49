import type { NodeContext } from '../node-context.js';
import { checkedShape } from '../stored-tensor.js';
import { type Inferred, mostFolded, NotKnown, type Value } from '../value.js';
import type { Rule, Rules } from './rule.js';

/** The parts of a sequence; a sequence has no shape of its own. */
function itemsOf(node: NodeContext, index: number): readonly Value[] {
  const { items } = node.input(index);
  if (items === undefined) throw new NotKnown('the length of a sequence depends on the data');
  return items;
}

function sequence(items: readonly Value[]): Inferred {
  if (items.length > mostFolded)
    throw new NotKnown(`a sequence of more than ${mostFolded} parts is not followed`);
  for (const { shape, name } of items) if (shape) checkedShape(shape, name);
  return { shape: undefined, items };
}

const place = (node: NodeContext, index: number, length: number): number => {
  const at = node.inputs[index] ? (node.values(index)[0] ?? 0) : length;
  return at < 0 ? at + length : at;
};

const at: Rule = node => {
  const items = itemsOf(node, 0);
  const index = place(node, 1, items.length);
  const item = items[index];
  if (item === undefined) return node.refuse('position', index, `a place in a sequence of ${items.length}`);
  return { shape: item.shape, dtype: item.dtype, data: item.data(), items: item.items };
};

const insert: Rule = node => {
  const items = itemsOf(node, 0);
  return sequence(items.toSpliced(place(node, 2, items.length), 0, node.input(1)));
};

const erase: Rule = node => {
  const items = itemsOf(node, 0);
  return sequence(items.toSpliced(node.inputs[1] ? place(node, 1, items.length) : items.length - 1, 1));
};

/** Joins the parts along an axis, a new one where asked. */
const concat: Rule = node => {
  const items = itemsOf(node, 0);
  const shapes = items.map(item => item.shape);
  const first = shapes[0];
  if (first === undefined || !shapes.every(shape => shape !== undefined))
    throw new NotKnown('a part has no known shape');
  const isNew = node.int('new_axis', 0) === 1;
  const axis = node.axis(node.int('axis', 0), first.length + (isNew ? 1 : 0));
  const dtype = items[0]?.dtype;
  if (isNew) return { shape: first.toSpliced(axis, 0, items.length), dtype };
  return {
    shape: first.with(
      axis,
      shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0),
    ),
    dtype,
  };
};

/** Parts of one or of several places along an axis; one place alone may lose the axis. */
const split: Rule = node => {
  const shape = node.shape(0);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const whole = shape[axis]!;
  const given = node.inputs[1] ? node.values(1) : undefined;
  const isList = given !== undefined && node.input(1).shape?.length === 1;
  const step = given === undefined ? 1 : (given[0] ?? 1);
  if (!isList && (step < 1 || whole / step > mostFolded))
    node.refuse('split', step, `a number that makes up to ${mostFolded} parts`);
  const sizes = isList
    ? given
    : Array.from({ length: Math.ceil(whole / step) }, (_, part) => Math.min(step, whole - part * step));
  const keeps = given !== undefined || node.int('keepdims', 1) === 1;
  const part = (size: number, index: number): Value => ({
    ...node.input(0),
    name: `${node.input(0).name}[${index}]`,
    shape: keeps ? shape.with(axis, size) : shape.toSpliced(axis, 1),
    data: () => undefined,
    items: undefined,
    padded: undefined,
  });
  return sequence(sizes.map(part));
};

const optional: Rule = node => {
  const value = node.inputs[0];
  return value
    ? { shape: value.shape, dtype: value.dtype, data: value.data(), items: value.items }
    : { shape: undefined };
};

export const sequences: Rules = {
  SequenceConstruct: node => sequence(node.inputs.map((_, index) => node.input(index))),
  SequenceEmpty: () => sequence([]),
  SequenceAt: at,
  SequenceInsert: insert,
  SequenceErase: erase,
  SequenceLength: node => ({ shape: [], dtype: 'i64', data: [itemsOf(node, 0).length] }),
  ConcatFromSequence: concat,
  SplitToSequence: split,
  Optional: optional,
  OptionalGetElement: optional,
  OptionalHasElement: node => ({ shape: [], dtype: 'bool', data: [node.inputs[0] ? 1 : 0] }),
};
