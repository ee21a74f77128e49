import { ConvcostError, type ErrorCode, nameInErrors } from '../../errors.js';
import type { Layer } from '../../model/layer.js';
import { constantValue } from './constants.js';
import { controlFlow } from './control-flow.js';
import type { Findings } from './findings.js';
import { declaredShapes, domainOf, type Frame, type Walker } from './frame.js';
import { callOf, type FunctionTable, functionTable } from './functions.js';
import { NodeContext } from './node-context.js';
import { inferOperator } from './operator.js';
import type { GraphProto, ModelProto, NodeProto } from './schema.js';
import { storeSparse, storeTensor } from './stored-tensor.js';
import { outputOf, type Value } from './value.js';

/** Nodes that are walked at most, beyond those of the main graph: in subgraphs, iterations and calls together. */
const mostRepeated = 50_000;

type OpenFrame = Frame & {
  readonly layers: Layer[];
  /** What the names of this frame meant before it. */
  readonly shadowed: (readonly [string, Value | undefined])[];
  /** The names that mean something of its own in it. */
  readonly bound: Set<string>;
  next: number;
  /** Where its attempt began, where it is one. */
  readonly mark: number | undefined;
};

/** What is wrong with a file at any size: never a reason to take the other branch. */
const alwaysWrong: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'function-calls-itself',
  'graph-not-sorted',
  'output-missing',
  'tensor-missing',
  'too-many-nodes',
  'written-twice',
]);

/**
 * Walks a model node by node, in file order, with what is known of every tensor. Subgraphs and functions
 * are put on a stack, so that no file decides how deep this code calls itself.
 */
export class Walk implements Walker {
  readonly found: Findings;
  readonly #functions: FunctionTable;
  readonly #stack: OpenFrame[] = [];
  readonly #openFunctions = new Set<string>();
  readonly #mainNodes: number;
  #stepsLeft: number;

  constructor(model: ModelProto, found: Findings) {
    this.found = found;
    this.#functions = functionTable(model.functions);
    this.#mainNodes = model.graph?.nodes.length ?? 0;
    this.#stepsLeft = mostRepeated + this.#mainNodes;
  }

  get stepsToSpare(): number {
    return this.#stepsLeft - this.#mainNodes;
  }

  get #innermost(): OpenFrame {
    return this.#stack.at(-1)!;
  }

  /** Walks all that is on the stack, and what it puts there. */
  run(): void {
    for (let frame = this.#stack.at(-1); frame; frame = this.#stack.at(-1)) {
      const node = frame.nodes[frame.next++];
      try {
        if (node) this.#step(frame, node);
        else this.#leave(frame);
      } catch (error) {
        this.#unwind(error);
      }
    }
  }

  enter(frame: Frame): void {
    if (frame.functionKey !== undefined) this.#openFunctions.add(frame.functionKey);
    const mark = frame.giveUp && this.found.undo.begin();
    this.#stack.push({ ...frame, layers: [], shadowed: [], bound: new Set(), next: 0, mark });
  }

  enterGraph(
    graph: GraphProto,
    inputs: readonly Value[],
    finish: Frame['finish'],
    giveUp?: Frame['giveUp'],
  ): void {
    const { scope, opsets, callAttributes, prefix, declared } = this.#innermost;
    const outputs = graph.outputs.map(({ name }) => name);
    const own = graph.valueInfos.length > 0 ? declaredShapes(graph) : declared;
    const { nodes } = graph;
    this.enter({ nodes, outputs, scope, opsets, callAttributes, prefix, declared: own, finish, giveUp });
    this.storeInitializers(graph);
    for (const [index, value] of inputs.entries()) {
      const name = graph.inputs[index]?.name;
      if (name !== undefined) this.bind(name, value);
    }
  }

  storeInitializers({ initializers, sparseInitializers }: GraphProto): void {
    for (const proto of initializers) {
      this.bind(
        proto.name,
        this.found.stored(nameInErrors(proto.name, () => storeTensor(proto, proto.name, true))),
      );
    }
    for (const proto of sparseInitializers) {
      const name = proto.values?.name ?? '';
      this.bind(name, this.found.stored(storeSparse(proto, name, true)));
    }
  }

  /** Gives a name in the innermost frame a value. */
  bind(name: string, value: Value): void {
    const { scope, shadowed, bound } = this.#innermost;
    shadowed.push([name, scope.get(name)]);
    bound.add(name);
    scope.set(name, value);
  }

  emit(layers: readonly Layer[]): void {
    const { layers: into } = this.#innermost;
    for (const layer of layers) into.push(layer);
  }

  bindOutputs(node: NodeProto, values: readonly (Value | undefined)[]): void {
    for (const [index, name] of node.outputs.entries()) {
      if (name === '') continue;
      const value = values[index];
      if (this.#innermost.bound.has(name)) this.#refuseSecond(node, name);
      const unknown = { shape: undefined, obstacle: outputOf(node.op, node.name || name) };
      this.bind(name, value ?? this.found.value(name, unknown));
    }
  }

  #refuseSecond(node: NodeProto, tensor: string): never {
    const first = this.#innermost.nodes.find(({ outputs }) => outputs.includes(tensor));
    const isTwice = first !== node || node.outputs.indexOf(tensor) !== node.outputs.lastIndexOf(tensor);
    const writer = first && isTwice ? nameOf(first) : undefined;
    throw new ConvcostError('written-twice', { tensor, writer, second: nameOf(node) });
  }

  #leave(frame: OpenFrame): void {
    const outputs = frame.outputs.map(name => {
      const value = frame.scope.get(name);
      if (value === undefined && name !== '' && frame.functionKey === undefined)
        throw new ConvcostError('output-missing', { output: name });
      return value;
    });
    this.#close(frame);
    if (frame.mark !== undefined) this.found.undo.keep();
    frame.finish(outputs, frame.layers);
  }

  /** Takes the innermost frame off the stack; its names mean again what they meant before it. */
  #close({ functionKey, scope, shadowed }: OpenFrame): void {
    this.#stack.pop();
    if (functionKey !== undefined) this.#openFunctions.delete(functionKey);
    for (let index = shadowed.length - 1; index >= 0; index--) {
      const [name, value] = shadowed[index]!;
      if (value === undefined) scope.delete(name);
      else scope.set(name, value);
    }
  }

  /** Takes back what is open, up to the innermost frame that knows how to go on without its nodes. */
  #unwind(thrown: unknown): void {
    let error = thrown;
    for (let frame = this.#stack.at(-1); frame; frame = this.#stack.at(-1)) {
      if (!(error instanceof ConvcostError) || alwaysWrong.has(error.code)) break;
      this.#close(frame);
      if (frame.mark === undefined) continue;
      this.found.undo.takeBack(frame.mark);
      try {
        frame.giveUp?.(error);
        return;
      } catch (next) {
        error = next;
      }
    }
    throw error;
  }

  #step(frame: OpenFrame, node: NodeProto): void {
    const label = labelOf(frame, node);
    if (--this.#stepsLeft < 0) throw new ConvcostError('too-many-nodes', { most: mostRepeated });
    nameInErrors(label, () => {
      const context = this.#context(frame, node, label);
      const isStandard = domainOf(node.domain) === '';
      const call = callOf(this.#functions, node);
      if (call) {
        if (this.#openFunctions.has(call.key))
          throw new ConvcostError('function-calls-itself', { name: node.op });
        this.enter(call.frame(context, node, frame, this));
      } else if (isStandard && Object.hasOwn(controlFlow, node.op)) {
        controlFlow[node.op]!(this, context, node);
      } else if (isStandard && node.op === 'Constant') {
        this.bindOutputs(node, [constantValue(this.found, context, node)]);
      } else {
        const { outputs, layer } = inferOperator(this.found, context, node, frame.declared);
        this.bindOutputs(node, outputs);
        if (layer) frame.layers.push(layer);
      }
    });
  }

  #context(frame: OpenFrame, node: NodeProto, label: string): NodeContext {
    return new NodeContext(
      node,
      node.inputs.map(name => (name === '' ? undefined : this.#find(frame, node, name))),
      {
        label,
        // Other domains follow the newest meaning of the operators that they share.
        opset: domainOf(node.domain) === '' ? (frame.opsets.get('') ?? 1) : Number.POSITIVE_INFINITY,
        callAttributes: frame.callAttributes,
        read: tensor => this.found.elements(tensor, label),
      },
    );
  }

  #find({ scope, nodes }: OpenFrame, node: NodeProto, name: string): Value {
    const value = scope.get(name);
    if (value !== undefined) return value;
    const writer = nodes.find(({ outputs }) => outputs.includes(name));
    if (writer) throw new ConvcostError('graph-not-sorted', { tensor: name, writer: nameOf(writer) });
    throw new ConvcostError('tensor-missing', { op: node.op, tensor: name });
  }
}

const nameOf = ({ name, op }: NodeProto): string => name || op;

/** The node's name, else its weight's, else that of what it makes; inside a function after the call's. */
function labelOf({ prefix, scope }: Frame, { name, op, inputs, outputs }: NodeProto): string {
  const weight = inputs.slice(1).find(input => scope.get(input)?.origins.length);
  return prefix + (name || weight || outputs[0] || op);
}
