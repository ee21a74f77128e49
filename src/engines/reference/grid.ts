import type { Shape } from '../../model/shape.js';
import { unitAxis, type WindowAxis } from '../../model/window.js';

/** Three sizes: what lacks axes has axes of size 1 in front, so that one loop serves 1, 2 and 3 axes. */
export type Sizes3 = readonly [number, number, number];

export function sizes3(sizes: Shape): Sizes3 {
  const lifted = [1, 1, 1, ...sizes].slice(-3);
  return [lifted[0]!, lifted[1]!, lifted[2]!];
}

export function axes3(axes: readonly WindowAxis[]): readonly [WindowAxis, WindowAxis, WindowAxis] {
  const lifted = [unitAxis(1), unitAxis(1), unitAxis(1), ...axes].slice(-3);
  return [lifted[0]!, lifted[1]!, lifted[2]!];
}

/** Calls `visit` for every position of a grid, in row-major order, with its row-major index. */
export function forEachPosition(
  [depth, height, width]: Sizes3,
  visit: (d: number, h: number, w: number, index: number) => void,
): void {
  let index = 0;
  for (let d = 0; d < depth; d++) {
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w++) visit(d, h, w, index++);
    }
  }
}

/**
 * For one axis: the fine position of every (coarse, tap), `coarse * stride + tap * dilation - padBegin`,
 * or -1 where it lies outside a fine grid of `fine` positions. Index: coarse * kernel + tap.
 */
export function finePositions(axis: WindowAxis, coarse: number, fine: number): Int32Array {
  const { kernel, stride, dilation, padBegin } = axis;
  const positions = new Int32Array(coarse * kernel);
  for (let c = 0; c < coarse; c++) {
    for (let tap = 0; tap < kernel; tap++) {
      const position = c * stride + tap * dilation - padBegin;
      positions[c * kernel + tap] = position >= 0 && position < fine ? position : -1;
    }
  }
  return positions;
}
