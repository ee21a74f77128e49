import { type Frame, opsetMap, type Walker } from './frame.js';
import type { NodeContext } from './node-context.js';
import type { FunctionProto, NodeProto } from './schema.js';
import type { Value } from './value.js';

/** The functions that a model defines, by domain, name and overload. */
export type FunctionTable = ReadonlyMap<string, FunctionProto>;

const keyOf = (domain: string, name: string, overload: string): string => `${domain}:${name}:${overload}`;

export const functionTable = (functions: readonly FunctionProto[]): FunctionTable =>
  new Map(
    functions.map(definition => [keyOf(definition.domain, definition.name, definition.overload), definition]),
  );

/** A node that stands for the nodes of a function. */
export interface Call {
  readonly key: string;
  readonly frame: (context: NodeContext, node: NodeProto, caller: Frame, walk: Walker) => Frame;
}

/** Prefixes of deeper calls are left out: names stay short however deep functions call functions. */
const longestPrefix = 200;

/** The function that a node calls, if it calls one. */
export function callOf(functions: FunctionTable, node: NodeProto): Call | undefined {
  const key = keyOf(node.domain, node.op, node.overload);
  const definition = functions.get(key);
  if (definition === undefined) return undefined;
  return {
    key,
    frame: (context, node, caller, walk) => {
      const defaults = definition.defaults.map(attribute => [attribute.name, attribute] as const);
      const scope = new Map<string, Value>();
      for (const [index, name] of definition.inputs.entries()) {
        const value = context.inputs[index];
        if (value) scope.set(name, value);
      }
      return {
        nodes: definition.nodes,
        outputs: definition.outputs,
        scope,
        opsets: definition.opsets.length > 0 ? opsetMap(definition.opsets) : caller.opsets,
        callAttributes: new Map([...defaults, ...context.resolvedAttributes()]),
        prefix: context.label.length < longestPrefix ? `${context.label}/` : '',
        functionKey: key,
        declared: new Map(),
        finish: (outputs, layers) => {
          walk.emit(layers);
          walk.bindOutputs(node, outputs);
        },
      };
    },
  };
}
