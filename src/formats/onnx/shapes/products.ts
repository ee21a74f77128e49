import type { DType } from '../../../model/dtype.js';
import { productsOf } from '../operands.js';
import type { Rule, Rules } from './rule.js';

const product =
  (dtype?: DType): Rule =>
  node => ({ shape: productsOf(node).shape, dtype });

/** The dtype of an operand that says nothing of its own: scales and zero points do. */
const dtypeOfInput =
  (index: number): Rule =>
  node => ({ shape: productsOf(node).shape, dtype: node.inputs[index]?.dtype });

export const products: Rules = {
  MatMul: product(),
  Gemm: product(),
  Einsum: product(),
  MatMulInteger: product('i32'),
  QLinearMatMul: dtypeOfInput(7),
  FusedMatMul: product(),
  FusedMatMulActivation: product(),
  TransposeMatMul: product(),
  FusedGemm: product(),
  GemmFastGelu: product(),
  MatMulInteger16: product('i32'),
  MatMulIntegerToFloat: dtypeOfInput(2),
  DynamicQuantizeMatMul: product(),
  QGemm: dtypeOfInput(7),
  MatMulNBits: product(),
  MatMulBnb4: product(),
};
