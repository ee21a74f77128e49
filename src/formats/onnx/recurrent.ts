import type { MatmulProduct } from '../../model/layer.js';
import type { Shape } from '../../model/shape.js';
import type { NodeContext } from './node-context.js';

/** The gates of a cell: rows of its weights for each hidden value. */
const gates: Readonly<Record<string, number>> = { RNN: 1, GRU: 3, LSTM: 4, DynamicQuantizeLSTM: 4 };

export interface Recurrent {
  readonly products: readonly MatmulProduct[];
  /** All outputs of the sequence, the last one, and the last cell state. */
  readonly outputs: readonly Shape[];
}

/**
 * A recurrent layer: at each step and in each direction one product with the input and one with the hidden
 * state. Weights: `[directions, gates * hidden, input]` and `[directions, gates * hidden, hidden]`;
 * com.microsoft's DynamicQuantizeLSTM has the last two axes swapped.
 *
 * Source: ONNX RNN, GRU, LSTM.
 */
export function recurrentOf(node: NodeContext): Recurrent {
  const [input, weight, recurrence] = [0, 1, 2].map(index => node.shape(index)) as [Shape, Shape, Shape];
  if (input.length !== 3 || weight.length !== 3 || recurrence.length !== 3) {
    node.disagree('Input and weights need three axes.', input, weight, recurrence);
  }
  const isSwapped = node.op === 'DynamicQuantizeLSTM';
  const batchFirst = node.int('layout', 0) === 1;
  const [steps, batch] = batchFirst ? [input[1]!, input[0]!] : [input[0]!, input[1]!];
  const directions = weight[0]!;
  const hidden = recurrence[isSwapped ? 1 : 2]!;
  const rows = hidden * gates[node.op]!;
  if (weight[isSwapped ? 1 : 2] !== input[2] || weight[isSwapped ? 2 : 1] !== rows) {
    node.disagree('Input and weights do not fit.', input, weight, recurrence);
  }
  const product = { batch: directions, m: steps * batch, n: rows };
  const last = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  return {
    products: [
      { ...product, k: input[2]! },
      { ...product, k: hidden },
    ],
    outputs: [
      batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden],
      last,
      last,
    ],
  };
}
