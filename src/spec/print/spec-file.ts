import { Document, isMap, isSeq, type Node, visit } from 'yaml';
import type { Activation } from '../../model/activation.js';
import type { DataSpec, LayerSpec, NetworkSpec, ValuesSpec } from '../layer-spec.js';
import { isActivationOp } from '../ops.js';
import { changedParameters } from './exportable.js';

/** A spec as the YAML file that `parseSpecFile` reads back, a layer on each line. */
export function printSpecFile({ name, input, data, inputs, layers }: NetworkSpec): string {
  const document = new Document({
    ...(name !== undefined && { name }),
    ...(input && 'shape' in input && { input: { shape: input.shape, layout: input.layout } }),
    ...(data && { data: writtenData(data) }),
    ...(inputs && {
      inputs: Object.fromEntries(Array.from(inputs, ([each, of]) => [each, writtenData(of)])),
    }),
    layers: layers.map(writtenLayer),
  });
  visit(document, {
    Pair: (_, { key, value }) => {
      if ((key as { value?: unknown }).value === 'layers') return;
      inFlow(value as Node);
    },
    Map: (_, node, path) => {
      if (path.some(isSeq)) inFlow(node);
    },
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && node.value.search(unprintable) >= 0) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeUnprintable(document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}

/** Controls, the bidirectional marks that reorder what is read, and line separators: all but the line feeds of YAML. */
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** They stand in double quotes alone, where an escape means the same. */
const escapeUnprintable = (yaml: string): string =>
  yaml.replace(unprintable, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `{op: conv, out: 8}` on one line. */
function inFlow(node: Node): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}

function writtenLayer({ op, name, from, activation, weights, ...fields }: LayerSpec): object {
  const { place: _, ...rest } = fields;
  return {
    op,
    ...(name !== undefined && { name }),
    ...(from && { from: from.length === 1 ? from[0] : from }),
    ...rest,
    ...(activation &&
      (isActivationOp(op) ? changedParameters(activation) : { activation: writtenActivation(activation) })),
    ...(weights && { weights: writtenValues(weights) }),
  };
}

function writtenActivation(activation: Activation): unknown {
  const parameters = changedParameters(activation);
  return Object.keys(parameters).length === 0 ? activation.name : { name: activation.name, ...parameters };
}

/** A shape says nothing that the layer does not: values are flat. */
const writtenValues = (values: ValuesSpec): object => ('values' in values ? withoutShape(values) : values);
const withoutShape = ({ shape: _, ...values }: Extract<ValuesSpec, { values: unknown }>): object => values;

const writtenData = ({ values, shape, layout }: DataSpec): object => ({
  ...('fill' in values ? values : { ...writtenValues(values), ...(layout !== undefined && { layout }) }),
  ...(shape && { shape }),
});
