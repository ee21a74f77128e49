import type { DType } from '../../model/dtype.js';
import type { Shape } from '../../model/shape.js';
import type { NodeContext } from './node-context.js';
import { einsumOf, matmulOf, type Products, transposedShape } from './products.js';

/** How an operator that is one matrix product (or an Einsum) reads its operands. */
export interface ProductForm {
  readonly products: (node: NodeContext) => Products;
  readonly bias?: number;
}

const matmul = (left: number, right: number) => (node: NodeContext) =>
  checked(node, node.shape(left), node.shape(right));

function checked(node: NodeContext, left: Shape, right: Shape): Products {
  return (
    matmulOf(left, right) ??
    node.disagree('The columns of the first must be the rows of the second.', left, right)
  );
}

/** `transA`, `transB`; opset 6 and earlier broadcast C, which changes nothing here. */
const gemm = (left: number, right: number) => (node: NodeContext) => {
  const [a, b] = [node.shape(left), node.shape(right)];
  if (a.length !== 2 || b.length !== 2) node.disagree('Two matrices are needed.', a, b);
  return checked(
    node,
    node.int('transA', 0) ? transposedShape(a) : a,
    node.int('transB', 0) ? transposedShape(b) : b,
  );
};

/** com.microsoft: a matmul whose operands may be transposed, the last two axes or (`transBatch`) the first. */
const fusedMatmul = (node: NodeContext) => {
  const operand = (index: number, side: 'A' | 'B'): Shape => {
    const shape = node.shape(index);
    const moved =
      node.int(`transBatch${side}`, 0) && shape.length > 2
        ? [...shape.slice(1, -1), shape[0]!, shape.at(-1)!]
        : shape;
    return node.int(`trans${side}`, 0) && shape.length > 1 ? transposedShape(moved) : moved;
  };
  return checked(node, operand(0, 'A'), operand(1, 'B'));
};

/** Weights packed in blocks: the attributes K and N say what they unpack to. */
const packedMatmul = (node: NodeContext) =>
  checked(node, node.shape(0), [node.int('K', 0), node.int('N', 0)]);

const blockTypes: Readonly<Record<number, DType>> = { 2: 'u2', 4: 'u4', 8: 'u8' };

/** What the bytes of a packed weight, input 1, hold; undefined for other operators and numbers of bits. */
export function packedWeight(node: NodeContext): { shape: Shape; dtype: DType } | undefined {
  const isBlocks = node.op === 'MatMulNBits';
  const dtype = isBlocks ? blockTypes[node.int('bits', 4)] : 'f4';
  if (dtype === undefined || (!isBlocks && node.op !== 'MatMulBnb4')) return undefined;
  return { shape: [node.int('N', 0), node.int('K', 0)], dtype };
}

const einsum = (node: NodeContext): Products => {
  const equation = node.text('equation', '');
  const shapes = node.inputs.map((_, index) => node.shape(index));
  return (
    einsumOf(equation, shapes) ??
    node.refuse('equation', equation, `an equation for [${shapes.join('], [')}]`)
  );
};

/** Every operator that is nothing but products. Sources: ONNX MatMul, Gemm, Einsum; ContribOperators.md. */
export const productForms: Readonly<Record<string, ProductForm>> = {
  MatMul: { products: matmul(0, 1) },
  MatMulInteger: { products: matmul(0, 1) },
  MatMulInteger16: { products: matmul(0, 1) },
  MatMulIntegerToFloat: { products: matmul(0, 1), bias: 6 },
  DynamicQuantizeMatMul: { products: matmul(0, 1), bias: 4 },
  QLinearMatMul: { products: matmul(0, 3) },
  Gemm: { products: gemm(0, 1), bias: 2 },
  FusedGemm: { products: gemm(0, 1), bias: 2 },
  GemmFastGelu: { products: matmul(0, 1), bias: 2 },
  QGemm: { products: gemm(0, 3), bias: 6 },
  FusedMatMul: { products: fusedMatmul },
  FusedMatMulActivation: { products: fusedMatmul },
  TransposeMatMul: { products: fusedMatmul },
  MatMulNBits: { products: packedMatmul, bias: 5 },
  MatMulBnb4: { products: packedMatmul },
  Einsum: { products: einsum },
};

export const productsOf = (node: NodeContext): Products => productForms[node.op]!.products(node);
