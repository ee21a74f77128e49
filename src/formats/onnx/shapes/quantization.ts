import type { DType } from '../../../model/dtype.js';
import type { NodeContext } from '../node-context.js';
import { dtypeOf } from '../stored-tensor.js';
import type { Inferred } from '../value.js';
import { broadcast } from './elements.js';
import type { Rule, Rules } from './rule.js';

/** The dtype stands in an attribute, else in the zero point, else it is uint8. */
const quantize: Rule = node => {
  const type = node.int('output_dtype', 0);
  const dtype: DType = type > 0 ? dtypeOf(type) : (node.inputs[2]?.dtype ?? 'u8');
  return { shape: node.input(0).shape, dtype };
};

/** Back to floats, those of the scale. */
const dequantize: Rule = node => ({ shape: node.input(0).shape, dtype: node.input(1).dtype });

const dynamicQuantize: Rule = node => [
  { shape: node.input(0).shape, dtype: 'u8' },
  { shape: [], dtype: 'f32' },
  { shape: [], dtype: 'u8' },
];

/** Two quantized tensors, each followed by its scale and zero point. */
const quantizedPair =
  (second: number): Rule =>
  (node: NodeContext): Inferred => {
    const shapes = [node.shape(0), node.shape(second)];
    return { shape: broadcast(shapes) ?? node.disagree('They cannot be stretched to one shape.', ...shapes) };
  };

/** Scale and zero point of the result, then tensors, each with its own. */
const quantizedConcat: Rule = node => {
  const shapes = node.inputs.flatMap((_, index) =>
    index >= 2 && index % 3 === 2 ? [node.shape(index)] : [],
  );
  const first = shapes[0] ?? [];
  const axis = node.axis(node.int('axis', 1), first.length);
  return {
    shape: first.with(
      axis,
      shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0),
    ),
    dtype: node.inputs[2]?.dtype,
  };
};

const same: Rule = node => ({ shape: node.input(0).shape });

export const quantization: Rules = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  QLinearAdd: quantizedPair(3),
  QLinearMul: quantizedPair(3),
  QLinearConcat: quantizedConcat,
  QLinearLeakyRelu: same,
  QLinearSigmoid: same,
  QLinearSoftmax: same,
};
