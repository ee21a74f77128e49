import type { Findings } from './findings.js';
import type { NodeContext } from './node-context.js';
import type { NodeProto } from './schema.js';
import { storeSparse, storeTensor } from './stored-tensor.js';
import type { Value } from './value.js';

/**
 * What a Constant gives: a stored tensor, as an initializer is one; where it is written as a number or a
 * list, its values are at hand.
 *
 * Source: ONNX Constant (`value_int` and its kin since opset 12).
 */
export function constantValue(found: Findings, node: NodeContext, { outputs }: NodeProto): Value {
  const name = outputs[0] ?? '';
  const attribute = (word: string) => node.attribute(word);
  const tensor = attribute('value')?.tensor;
  if (tensor) return found.stored(storeTensor(tensor, name, false));
  const sparse = attribute('sparse_value')?.sparse;
  if (sparse) return found.stored(storeSparse(sparse, name, false));

  const scalar = (dtype: 'i64' | 'f32', value: number) =>
    found.value(name, { shape: [], dtype, data: [value] }, true);
  const list = (dtype: 'i64' | 'f32', data: readonly number[]) =>
    found.value(name, { shape: [data.length], dtype, data }, true);
  const [int, float] = [attribute('value_int')?.int, attribute('value_float')?.float];
  const [ints, floats] = [attribute('value_ints')?.ints, attribute('value_floats')?.floats];
  if (int !== undefined) return scalar('i64', int);
  if (float !== undefined) return scalar('f32', float);
  if (ints) return list('i64', ints);
  if (floats) return list('f32', floats);
  const texts = attribute('value_strings')?.texts;
  return found.value(name, { shape: texts ? [texts.length] : [], dtype: 'string' }, true);
}
