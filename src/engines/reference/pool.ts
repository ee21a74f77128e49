import type { FreeCompute } from '../../model/layer.js';
import type { WindowAxis } from '../../model/window.js';
import { axes3, forEachPosition, sizes3 } from './grid.js';

type Pool = Extract<FreeCompute, { type: 'pool' | 'adaptive-pool' }>;

/** For one output position of one axis: the input positions it covers, and how many count in an average. */
interface Span {
  readonly positions: readonly number[];
  readonly counted: number;
}

/**
 * Pools over sliding windows or, adaptively, over windows of nearly equal sizes. Padding is never the
 * largest value; an average divides by the real elements or, with `countPadding`, by the padding too.
 */
export function poolRun(compute: Pool): (inputs: readonly Float32Array[], output: Float32Array) => void {
  const { batch, channels } = compute.type === 'pool' ? compute.geometry : compute.input;
  const inputSizes = sizes3(
    compute.type === 'pool' ? compute.geometry.axes.map(axis => axis.input) : compute.input.sizes,
  );
  const spans = spansOf(compute);
  const outputSizes = sizes3(spans.map(axis => axis.length));
  const [spansD, spansH, spansW] = spans as [Span[], Span[], Span[]];
  const images = inputSizes[0] * inputSizes[1] * inputSizes[2];
  const outputs = outputSizes[0] * outputSizes[1] * outputSizes[2];

  return ([input], output) => {
    for (let b = 0; b < batch; b++) {
      forEachPosition(outputSizes, (od, oh, ow, position) => {
        const [d, h, w] = [spansD[od]!, spansH[oh]!, spansW[ow]!];
        const counted = d.counted * h.counted * w.counted;
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          let largest = Number.NEGATIVE_INFINITY;
          for (const id of d.positions) {
            for (const ih of h.positions) {
              for (const iw of w.positions) {
                const pixel = b * images + (id * inputSizes[1] + ih) * inputSizes[2] + iw;
                const value = input![pixel * channels + c]!;
                sum += value;
                largest = Math.max(largest, value);
              }
            }
          }
          output[(b * outputs + position) * channels + c] = compute.mode === 'max' ? largest : sum / counted;
        }
      });
    }
  };
}

function spansOf(compute: Pool): readonly Span[][] {
  if (compute.type === 'pool') {
    return axes3(compute.geometry.axes).map(axis => slidingSpans(axis, compute.countPadding));
  }
  const outputs = sizes3(compute.outputSizes);
  return sizes3(compute.input.sizes).map((input, axis) => adaptiveSpans(input, outputs[axis]!));
}

function slidingSpans(axis: WindowAxis, countPadding: boolean): Span[] {
  const { input, output, kernel, stride, dilation, padBegin, padEnd } = axis;
  return Array.from({ length: output }, (_, o) => {
    const taps = Array.from({ length: kernel }, (_, tap) => o * stride + tap * dilation - padBegin);
    const positions = taps.filter(position => position >= 0 && position < input);
    // A partial window at the end counts only as far as the padding goes (PyTorch).
    const counted = countPadding
      ? taps.filter(position => position < input + padEnd).length
      : positions.length;
    return { positions, counted };
  });
}

/** PyTorch's adaptive pooling: output o covers floor(o * in / out) up to ceil((o + 1) * in / out). */
function adaptiveSpans(input: number, output: number): Span[] {
  return Array.from({ length: output }, (_, o) => {
    const start = Math.floor((o * input) / output);
    const end = Math.ceil(((o + 1) * input) / output);
    return { positions: Array.from({ length: end - start }, (_, i) => start + i), counted: end - start };
  });
}
