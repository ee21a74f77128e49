import { ConvcostError, nameInErrors } from '../../errors.js';
import type { Layer } from '../../model/layer.js';
import type { ByteSource } from '../byte-source.js';
import { constantValue } from './constants.js';
import { controlFlow } from './control-flow.js';
import { callOf, functionTable } from './functions.js';
import { layerOf } from './layers.js';
import { Names } from './names.js';
import { NodeContext } from './node-context.js';
import { mayBeWeights, Params, quantizers } from './params.js';
import type { AttributeProto, GraphProto, ModelProto, NodeProto, OpsetProto } from './schema.js';
import { shapeRule } from './shapes/index.js';
import {
  checkedShape,
  dtypeOf,
  isFloat,
  readSmall,
  type StoredTensor,
  storeFilled,
  storeSparse,
  storeTensor,
} from './stored-tensor.js';
import { type Inferred, NotKnown, once, type Value } from './value.js';
import { words } from './words.js';

/** Nodes that are walked at most, beyond those of the main graph: in subgraphs, iterations and calls together. */
const mostRepeated = 50_000;

/** A static value that is made of more tensors than this forgets them: no weight is. */
const mostOrigins = 16;

/** A list of nodes that is being walked, and what to do at its end. */
export interface Frame {
  readonly nodes: readonly NodeProto[];
  readonly outputs: readonly string[];
  /** The values by name. A subgraph shares its caller's; a function has its own. */
  readonly scope: Map<string, Value>;
  readonly opsets: ReadonlyMap<string, number>;
  /** Inside a function: the attributes of the call. */
  readonly callAttributes: ReadonlyMap<string, AttributeProto>;
  /** Before the names of the layers inside a function. */
  readonly prefix: string;
  /** The function that this is the body of. */
  readonly functionKey?: string | undefined;
  /** Shapes that the file declares, for the outputs of operators that are not understood. */
  readonly declared: ReadonlyMap<string, Inferred>;
  readonly finish: (outputs: readonly (Value | undefined)[], layers: readonly Layer[]) => void;
}

type OpenFrame = Frame & {
  readonly layers: Layer[];
  /** What the names of this frame meant before it. */
  readonly shadowed: (readonly [string, Value | undefined])[];
  next: number;
};

const randomOps = new Set(
  words('Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike'),
);

/**
 * Walks a model node by node, in file order, with what is known of every tensor. Subgraphs and functions
 * are put on a stack, so that no file decides how deep this code calls itself.
 */
export class Walk {
  /** Ifs that the data decides, each with the branch that is counted. */
  readonly openBranches: string[] = [];
  /** Padded values that a convolution pads by itself: their Pad is no layer, unless something else reads them. */
  readonly absorbed = new Set<string>();
  readonly names = new Names();
  readonly layerNames = new Names();
  readonly params: Params;
  readonly #source: ByteSource;
  readonly #functions: ReturnType<typeof functionTable>;
  readonly #stack: OpenFrame[] = [];
  readonly #openFunctions = new Set<string>();
  readonly #mainNodes: number;
  #stepsLeft: number;

  constructor(model: ModelProto, source: ByteSource) {
    this.#mainNodes = model.graph?.nodes.length ?? 0;
    this.#stepsLeft = mostRepeated + this.#mainNodes;
    this.#source = source;
    this.#functions = functionTable(model.functions);
    this.params = new Params(source, new Names());
  }

  /** Steps beyond those that the main graph may still need; loops ask before they go on. */
  get stepsToSpare(): number {
    return this.#stepsLeft - this.#mainNodes;
  }

  /** The innermost frame. */
  get frame(): Frame {
    return this.#stack.at(-1)!;
  }

  /** Walks all that is on the stack, and what it puts there. */
  run(): void {
    for (let frame = this.#stack.at(-1); frame; frame = this.#stack.at(-1)) {
      const node = frame.nodes[frame.next++];
      if (node) this.#step(frame, node);
      else this.#leave(frame);
    }
  }

  enter(frame: Frame): void {
    if (frame.functionKey !== undefined) this.#openFunctions.add(frame.functionKey);
    this.#stack.push({ ...frame, layers: [], shadowed: [], next: 0 });
  }

  /** Enters the graph of an attribute: it sees the values around it. */
  enterGraph(graph: GraphProto, inputs: readonly Value[], finish: Frame['finish']): void {
    const { scope, opsets, callAttributes, prefix, declared } = this.frame;
    const outputs = graph.outputs.map(({ name }) => name);
    const own = graph.valueInfos.length > 0 ? declaredShapes(graph) : declared;
    this.enter({ nodes: graph.nodes, outputs, scope, opsets, callAttributes, prefix, declared: own, finish });
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
        this.stored(nameInErrors(proto.name, () => storeTensor(proto, proto.name, true))),
      );
    }
    for (const proto of sparseInitializers) {
      const name = proto.values?.name ?? '';
      this.bind(name, this.stored(storeSparse(proto, name, true)));
    }
  }

  /** Gives a name in the innermost frame a value. */
  bind(name: string, value: Value): void {
    const { scope, shadowed } = this.#stack.at(-1)!;
    shadowed.push([name, scope.get(name)]);
    scope.set(name, value);
  }

  emit(layers: readonly Layer[]): void {
    const { layers: into } = this.#stack.at(-1)!;
    for (const layer of layers) into.push(layer);
  }

  /** A value of the network, under a name of its own. */
  value(
    name: string,
    { shape, dtype, data, items, padded }: Inferred,
    isStatic = false,
    origins: Value['origins'] = [],
  ): Value {
    return {
      name: this.names.take(name),
      dtype: dtype ?? 'f32',
      shape: shape && checkedShape(shape, name),
      isStatic,
      origins,
      data: () => data,
      items,
      padded,
    };
  }

  /** Gives the outputs of a node their values, by position. */
  bindOutputs(node: NodeProto, values: readonly (Value | undefined)[]): void {
    for (const [index, name] of node.outputs.entries()) {
      const value = values[index];
      if (name !== '') this.bind(name, value ?? this.value(name, { shape: undefined }));
    }
  }

  #leave(frame: OpenFrame): void {
    this.#stack.pop();
    if (frame.functionKey !== undefined) this.#openFunctions.delete(frame.functionKey);
    const outputs = frame.outputs.map(name => frame.scope.get(name));
    for (const [name, value] of frame.shadowed.toReversed()) {
      if (value === undefined) frame.scope.delete(name);
      else frame.scope.set(name, value);
    }
    frame.finish(outputs, frame.layers);
  }

  #step(frame: OpenFrame, node: NodeProto): void {
    const label = labelOf(frame, node);
    if (--this.#stepsLeft < 0) throw new ConvcostError('too-many-nodes', { most: mostRepeated });
    nameInErrors(label, () => {
      const context = this.#context(frame, node, label);
      const domain = node.domain === 'ai.onnx' ? '' : node.domain;
      const call = callOf(this.#functions, node);
      if (call) {
        if (this.#openFunctions.has(call.key))
          throw new ConvcostError('function-calls-itself', { name: node.op });
        this.enter(call.frame(context, node, frame, this));
      } else if (domain === '' && Object.hasOwn(controlFlow, node.op)) {
        controlFlow[node.op]!(this, context, node);
      } else if (domain === '' && node.op === 'Constant') {
        this.bindOutputs(node, [constantValue(this, context, node)]);
      } else {
        this.#operator(frame, context, node, domain);
      }
    });
  }

  #context(frame: OpenFrame, node: NodeProto, label: string): NodeContext {
    const isStandard = node.domain === '' || node.domain === 'ai.onnx';
    return new NodeContext(
      node,
      node.inputs.map(name => (name === '' ? undefined : this.#find(frame, node, name))),
      {
        label,
        // Other domains follow the newest meaning of the operators that they share.
        opset: isStandard ? (frame.opsets.get('') ?? 1) : Number.POSITIVE_INFINITY,
        callAttributes: frame.callAttributes,
        read: tensor => readSmall(this.#source, storeTensor(tensor, label, false)),
      },
    );
  }

  #find({ scope, nodes }: OpenFrame, node: NodeProto, name: string): Value {
    const value = scope.get(name);
    if (value !== undefined) return value;
    const writer = nodes.find(({ outputs }) => outputs.includes(name));
    if (writer)
      throw new ConvcostError('graph-not-sorted', { tensor: name, writer: writer.name || writer.op });
    throw new ConvcostError('tensor-missing', { op: node.op, tensor: name });
  }

  #operator(frame: OpenFrame, context: NodeContext, node: NodeProto, domain: string): void {
    const rule = shapeRule(domain, node.op);
    const found = context.inputs.filter(value => value !== undefined);
    const isStatic = found.every(value => value.isStatic) && !randomOps.has(node.op);
    let inferred: readonly Inferred[] = node.outputs.map(
      name => frame.declared.get(name) ?? { shape: undefined },
    );
    let reason: string | undefined;
    try {
      if (rule) inferred = [rule(context)].flat() as readonly Inferred[];
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      reason = error.message;
      inferred = node.outputs.map(() => ({ shape: undefined }));
    }
    const origins = isStatic ? [...originsOf(node.op, found), ...filledBy(context, node, inferred[0])] : [];
    const outputs = node.outputs.map((name, index) => {
      if (name === '') return undefined;
      const result = inferred[index] ?? { shape: undefined };
      return this.value(
        name,
        { ...result, dtype: result.dtype ?? context.inputs[0]?.dtype },
        isStatic,
        origins,
      );
    });
    this.bindOutputs(node, outputs);
    const layer = layerOf(this, context, { domain, outputs, isStatic, reason, isKnown: rule !== undefined });
    if (layer) this.#stack.at(-1)!.layers.push(layer);
  }

  /** The value of a tensor that the file holds. */
  stored(stored: StoredTensor): Value {
    if (stored.isInitializer && isFloat(stored.dtype)) this.params.add(stored);
    return {
      name: this.names.take(stored.name),
      dtype: stored.dtype,
      shape: stored.shape,
      isStatic: true,
      origins: mayBeWeights(stored) ? [stored] : [],
      data: once(() => readSmall(this.#source, stored)),
      items: undefined,
      padded: undefined,
    };
  }
}

/** The node's name, else its weight's, else that of what it makes; inside a function after the call's. */
function labelOf({ prefix, scope }: Frame, { name, op, inputs, outputs }: NodeProto): string {
  const weight = inputs.slice(1).find(input => scope.get(input)?.origins.length);
  return prefix + (name || weight || outputs[0] || op);
}

/** What a static value is made of. A scale only says how to read the integers beside it. */
function originsOf(op: string, inputs: readonly Value[]): readonly StoredTensor[] {
  const read = quantizers.has(op) ? inputs.slice(0, 1) : inputs;
  const origins = [...new Set(read.flatMap(value => value.origins))];
  return origins.length > mostOrigins ? [] : origins;
}

/** What a node that fills a tensor with one number makes: a weight, where a layer uses it as one. */
function filledBy(
  context: NodeContext,
  node: NodeProto,
  output: Inferred | undefined,
): readonly StoredTensor[] {
  if (node.op !== 'ConstantOfShape' || output?.shape === undefined || !isFloat(output.dtype ?? 'f32'))
    return [];
  const tensor = { name: node.outputs[0] ?? '', shape: output.shape, dtype: output.dtype ?? 'f32' };
  const value = context.attribute('value') ? context.tensorValue('value') : 0;
  return [storeFilled(node, tensor, value)];
}

/** The shapes that a graph declares for its values, where every dim is a number. */
export function declaredShapes({ valueInfos, outputs }: GraphProto): ReadonlyMap<string, Inferred> {
  return new Map(
    [...valueInfos, ...outputs].flatMap(({ name, type }) => {
      const shape = type?.tensor?.shape?.dims.map(dim => dim.value ?? -1);
      if (!type?.tensor?.type || shape === undefined || shape.some(size => size < 0)) return [];
      return [[name, { shape, dtype: dtypeOf(type.tensor.type) }]];
    }),
  );
}

export const opsetMap = (opsets: readonly OpsetProto[]): ReadonlyMap<string, number> =>
  new Map(opsets.map(({ domain, version }) => [domain === 'ai.onnx' ? '' : domain, version]));
