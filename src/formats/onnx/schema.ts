import type { Schema, Span } from '../protobuf.js';

/**
 * The messages of ONNX, as far as counting and running need them, with their field numbers.
 *
 * Source: onnx/onnx.proto, IR version 13. Weights are `Span`s: they stay in the file.
 */
export interface ModelProto {
  readonly opsets: OpsetProto[];
  readonly functions: FunctionProto[];
  graph: GraphProto | undefined;
}

export interface OpsetProto {
  domain: string;
  version: number;
}

export interface GraphProto {
  readonly nodes: NodeProto[];
  readonly initializers: TensorProto[];
  readonly sparseInitializers: SparseTensorProto[];
  readonly inputs: ValueInfoProto[];
  readonly outputs: ValueInfoProto[];
  readonly valueInfos: ValueInfoProto[];
}

export interface NodeProto {
  readonly inputs: string[];
  readonly outputs: string[];
  name: string;
  op: string;
  domain: string;
  overload: string;
  readonly attributes: AttributeProto[];
}

export interface AttributeProto {
  name: string;
  /** Inside a function: the name of the caller's attribute that stands here. */
  reference: string;
  float: number | undefined;
  int: number | undefined;
  text: string | undefined;
  tensor: TensorProto | undefined;
  sparse: SparseTensorProto | undefined;
  graph: GraphProto | undefined;
  readonly floats: number[];
  readonly ints: number[];
  readonly texts: string[];
}

export interface TensorProto {
  name: string;
  readonly dims: number[];
  type: number;
  /** Which field holds the values, and where; several spans where they were written one by one. */
  readonly payload: { field: PayloadField; span: Span }[];
  /** The values lie in another file. It is never opened. */
  external: boolean;
  /** Where in which file, as words (`location`, `offset`) with their texts. */
  readonly externalData: { key: string; value: string }[];
}

export type PayloadField = 'raw' | 'float' | 'int32' | 'int64' | 'double' | 'uint64';

export interface SparseTensorProto {
  values: TensorProto | undefined;
  readonly dims: number[];
}

export interface ValueInfoProto {
  name: string;
  type: TypeProto | undefined;
}

export interface TypeProto {
  tensor: TensorTypeProto | undefined;
}

export interface TensorTypeProto {
  type: number;
  shape: ShapeProto | undefined;
}

export interface ShapeProto {
  readonly dims: DimProto[];
}

export interface DimProto {
  value: number | undefined;
  symbol: string;
}

export interface FunctionProto {
  name: string;
  domain: string;
  overload: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly defaults: AttributeProto[];
  readonly nodes: NodeProto[];
  readonly opsets: OpsetProto[];
}

const opset: Schema<OpsetProto> = {
  create: () => ({ domain: '', version: 0 }),
  fields: {
    1: (opset, field) => (opset.domain = field.text()),
    2: (opset, field) => (opset.version = field.int()),
  },
};

const dim: Schema<DimProto> = {
  create: () => ({ value: undefined, symbol: '' }),
  fields: {
    1: (dim, field) => (dim.value = field.int()),
    2: (dim, field) => (dim.symbol = field.text()),
  },
};

const shape: Schema<ShapeProto> = {
  create: () => ({ dims: [] }),
  fields: { 1: (shape, field) => shape.dims.push(field.message(dim)) },
};

const tensorType: Schema<TensorTypeProto> = {
  create: () => ({ type: 0, shape: undefined }),
  fields: {
    1: (type, field) => (type.type = field.int()),
    2: (type, field) => (type.shape = field.message(shape)),
  },
};

const type: Schema<TypeProto> = {
  create: () => ({ tensor: undefined }),
  fields: { 1: (type, field) => (type.tensor = field.message(tensorType)) },
};

const valueInfo: Schema<ValueInfoProto> = {
  create: () => ({ name: '', type: undefined }),
  fields: {
    1: (info, field) => (info.name = field.text()),
    2: (info, field) => (info.type = field.message(type)),
  },
};

/** Values that are written one by one are places of their own; more of them than this are not kept apart. */
const mostSpans = 4096;

const payload = (name: PayloadField) => (tensor: TensorProto, field: { span(): Span }) => {
  const span = field.span();
  if (tensor.payload.length <= mostSpans) tensor.payload.push({ field: name, span });
};

/** StringStringEntryProto. */
const entry: Schema<{ key: string; value: string }> = {
  create: () => ({ key: '', value: '' }),
  fields: {
    1: (entry, field) => (entry.key = field.text()),
    2: (entry, field) => (entry.value = field.text()),
  },
};

const tensor: Schema<TensorProto> = {
  create: () => ({ name: '', dims: [], type: 0, payload: [], external: false, externalData: [] }),
  fields: {
    1: (tensor, field) => field.ints(tensor.dims),
    2: (tensor, field) => (tensor.type = field.int()),
    4: payload('float'),
    5: payload('int32'),
    7: payload('int64'),
    8: (tensor, field) => (tensor.name = field.text()),
    9: payload('raw'),
    10: payload('double'),
    11: payload('uint64'),
    13: (tensor, field) => tensor.externalData.push(field.message(entry)),
    14: (tensor, field) => (tensor.external = field.int() === 1),
  },
};

const sparseTensor: Schema<SparseTensorProto> = {
  create: () => ({ values: undefined, dims: [] }),
  fields: {
    1: (sparse, field) => (sparse.values = field.message(tensor)),
    3: (sparse, field) => field.ints(sparse.dims),
  },
};

const attribute: Schema<AttributeProto> = {
  create: () => ({
    name: '',
    reference: '',
    float: undefined,
    int: undefined,
    text: undefined,
    tensor: undefined,
    sparse: undefined,
    graph: undefined,
    floats: [],
    ints: [],
    texts: [],
  }),
  fields: {
    1: (attribute, field) => (attribute.name = field.text()),
    2: (attribute, field) => (attribute.float = field.float()),
    3: (attribute, field) => (attribute.int = field.int()),
    4: (attribute, field) => (attribute.text = field.text()),
    5: (attribute, field) => (attribute.tensor = field.message(tensor)),
    6: (attribute, field) => (attribute.graph = field.message(graph)),
    7: (attribute, field) => field.floats(attribute.floats),
    8: (attribute, field) => field.ints(attribute.ints),
    9: (attribute, field) => attribute.texts.push(field.text()),
    21: (attribute, field) => (attribute.reference = field.text()),
    22: (attribute, field) => (attribute.sparse = field.message(sparseTensor)),
  },
};

const node: Schema<NodeProto> = {
  create: () => ({ inputs: [], outputs: [], name: '', op: '', domain: '', overload: '', attributes: [] }),
  fields: {
    1: (node, field) => node.inputs.push(field.text()),
    2: (node, field) => node.outputs.push(field.text()),
    3: (node, field) => (node.name = field.text()),
    4: (node, field) => (node.op = field.text()),
    5: (node, field) => node.attributes.push(field.message(attribute)),
    7: (node, field) => (node.domain = field.text()),
    8: (node, field) => (node.overload = field.text()),
  },
};

const graph: Schema<GraphProto> = {
  create: () => ({
    nodes: [],
    initializers: [],
    sparseInitializers: [],
    inputs: [],
    outputs: [],
    valueInfos: [],
  }),
  fields: {
    1: (graph, field) => graph.nodes.push(field.message(node)),
    5: (graph, field) => graph.initializers.push(field.message(tensor)),
    11: (graph, field) => graph.inputs.push(field.message(valueInfo)),
    12: (graph, field) => graph.outputs.push(field.message(valueInfo)),
    13: (graph, field) => graph.valueInfos.push(field.message(valueInfo)),
    15: (graph, field) => graph.sparseInitializers.push(field.message(sparseTensor)),
  },
};

const functionDefinition: Schema<FunctionProto> = {
  create: () => ({
    name: '',
    domain: '',
    overload: '',
    inputs: [],
    outputs: [],
    defaults: [],
    nodes: [],
    opsets: [],
  }),
  fields: {
    1: (definition, field) => (definition.name = field.text()),
    4: (definition, field) => definition.inputs.push(field.text()),
    5: (definition, field) => definition.outputs.push(field.text()),
    7: (definition, field) => definition.nodes.push(field.message(node)),
    9: (definition, field) => definition.opsets.push(field.message(opset)),
    10: (definition, field) => (definition.domain = field.text()),
    11: (definition, field) => definition.defaults.push(field.message(attribute)),
    13: (definition, field) => (definition.overload = field.text()),
  },
};

export const model: Schema<ModelProto> = {
  create: () => ({ opsets: [], functions: [], graph: undefined }),
  fields: {
    7: (model, field) => (model.graph = field.message(graph)),
    8: (model, field) => model.opsets.push(field.message(opset)),
    25: (model, field) => model.functions.push(field.message(functionDefinition)),
  },
};
