import { describe, expect, it } from 'vitest';
import { resolveAxes, type WindowSpec } from '../../src/model/window.js';

const axis = (spec: WindowSpec, input: number, kind: 'floor' | 'ceil' | 'transposed' = 'floor') => {
  const [only] = resolveAxes(spec, [input], kind).axes;
  return [only!.output, only!.padBegin, only!.padEnd];
};

describe('output sizes and padding edges', () => {
  it.each<[number, WindowSpec, readonly number[]]>([
    // input, window, [output, begin, end]                                    source of the row
    [224, { kernel: 3, stride: 2, padding: 'same' }, [112, 0, 1]], //         TensorFlow SAME: the odd row goes last
    [224, { kernel: 3, stride: 2, padding: 'same-lower' }, [112, 1, 0]], //   ONNX SAME_LOWER
    [224, { kernel: 3, stride: 2, padding: 1 }, [112, 1, 1]], //              PyTorch MobileNetV2
    [224, { kernel: 7, stride: 2, padding: 3 }, [112, 3, 3]], //              PyTorch ResNet
    [224, { kernel: 11, stride: 4, padding: 2 }, [55, 2, 2]], //              PyTorch AlexNet
    [5, { kernel: 2, stride: 1, padding: 'same' }, [5, 0, 1]],
    [5, { kernel: 2, stride: 1, padding: 'same-lower' }, [5, 1, 0]],
    [7, { kernel: 3, stride: 1, dilation: 2, padding: 'same' }, [7, 2, 2]],
    [7, { kernel: 3, stride: 1, dilation: 2, padding: 'valid' }, [3, 0, 0]],
    [4, { kernel: 1, stride: 3, padding: 'same' }, [2, 0, 0]], //             a kernel smaller than the stride needs none
    [10, { kernel: 3, padding: [2, 0] }, [10, 2, 0]], //                      begins, then ends
  ])('%j %j', (input, spec, expected) => {
    expect(axis(spec, input)).toEqual(expected);
  });

  it.each<[number, WindowSpec, number, number]>([
    // input, window, floor, ceil: PyTorch's ceil_mode keeps a last window that starts inside
    [55, { kernel: 3, stride: 2 }, 27, 27],
    [112, { kernel: 3, stride: 2 }, 55, 56],
    [13, { kernel: 3, stride: 2 }, 6, 6],
    [2, { kernel: 1, stride: 3 }, 1, 1],
    [4, { kernel: 2, stride: 3, padding: 1 }, 2, 2],
  ])('pool over %j with %j', (input, spec, floor, ceil) => {
    expect(axis(spec, input, 'floor')[0]).toBe(floor);
    expect(axis(spec, input, 'ceil')[0]).toBe(ceil);
  });

  it.each<[number, WindowSpec, readonly number[]]>([
    // transposed: (in - 1) * stride + extent + outputPadding - begin - end
    [7, { kernel: 4, stride: 2, padding: 1 }, [14, 1, 1]], //                              DCGAN
    [7, { kernel: 3, stride: 2, padding: 1, outputPadding: 1 }, [14, 1, 1]],
    [5, { kernel: 3, stride: 2, padding: 'same' }, [10, 0, 1]],
    [5, { kernel: 3, stride: 2, padding: 'valid' }, [11, 0, 0]],
    [3, { kernel: 3, stride: 3, padding: 'same-lower', outputShape: [10] }, [10, 0, 0]], // ONNX output_shape
    [3, { kernel: 3, stride: 2, padding: 'same-lower', outputShape: [6] }, [6, 1, 0]],
    [3, { kernel: 3, stride: 2, padding: 'same-upper', outputShape: [6] }, [6, 0, 1]],
  ])('transposed %j %j', (input, spec, expected) => {
    expect(axis(spec, input, 'transposed')).toEqual(expected);
  });
});

describe('what cannot be is refused by name', () => {
  it.each<[string, WindowSpec, number]>([
    ['not-positive', { kernel: 3, stride: 0 }, 8],
    ['not-positive', { kernel: 3, stride: -1 }, 8],
    ['not-positive', { kernel: 3, stride: 1.5 }, 8],
    ['not-positive', { kernel: 3, stride: Number.NaN }, 8],
    ['not-positive', { kernel: 3, stride: Number.POSITIVE_INFINITY }, 8],
    ['not-positive', { kernel: 0 }, 8],
    ['not-positive', { kernel: 3, dilation: 0 }, 8],
    ['not-whole', { kernel: 3, padding: -1 }, 8],
    ['not-whole', { kernel: 3, padding: [-1, 0] }, 8],
    ['wrong-pad-count', { kernel: 3, padding: [1, 1, 1] }, 8],
    ['wrong-axis-count', { kernel: 3, stride: [1, 1] }, 8],
    ['wrong-rank', { kernel: [3, 3] }, 8],
    ['empty-output', { kernel: 9, padding: 'valid' }, 8],
    ['empty-output', { kernel: 3, dilation: 4 }, 8],
  ])('%s: %j over %d', (code, spec, input) => {
    expect(() => resolveAxes(spec, [input], 'floor')).toThrow(expect.objectContaining({ code }));
  });

  it('an output padding as large as stride and dilation', () => {
    expect(() => resolveAxes({ kernel: 3, stride: 2, outputPadding: 2 }, [8], 'transposed')).toThrow(
      expect.objectContaining({ code: 'output-padding-too-large' }),
    );
  });
});
