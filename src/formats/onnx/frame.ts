import type { ConvcostError } from '../../errors.js';
import type { Layer } from '../../model/layer.js';
import type { Findings } from './findings.js';
import type { AttributeProto, GraphProto, NodeProto, OpsetProto } from './schema.js';
import { dtypeOf } from './stored-tensor.js';
import type { Inferred, Value } from './value.js';

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
  /** Goes on where the nodes make no sense: all that they did is taken back before. Without it the walk ends. */
  readonly giveUp?: ((error: ConvcostError) => void) | undefined;
}

/** What a node that stands for other nodes asks of the walk. */
export interface Walker {
  readonly found: Findings;
  /** Steps beyond those that the main graph may still need; loops ask before they go on. */
  readonly stepsToSpare: number;
  /** Enters the graph of an attribute: it sees the values around it. */
  enterGraph(
    graph: GraphProto,
    inputs: readonly Value[],
    finish: Frame['finish'],
    giveUp?: Frame['giveUp'],
  ): void;
  /** Adds layers to the innermost frame. */
  emit(layers: readonly Layer[]): void;
  /** Gives the outputs of a node their values, by position. */
  bindOutputs(node: NodeProto, values: readonly (Value | undefined)[]): void;
}

/** The standard operators have two names for their domain. */
export const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/** The versions of the operator sets, by domain. */
export const opsetMap = (opsets: readonly OpsetProto[]): ReadonlyMap<string, number> =>
  new Map(opsets.map(({ domain, version }) => [domainOf(domain), version]));

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
