import type { ConvGeometry } from './conv.js';

/**
 * Winograd's minimal filtering F(m, 3): `m` outputs of a 3-tap filter from `m + 2` products, where the plain
 * way takes `3 m`. Nested in two dimensions: `(m + 2)^2` in place of `9 m^2`.
 *
 *     outputs = output * ((filter * taps) o (input * inputs))        o: element by element
 *
 * Rows 1 and 2, 3 and 4, ... belong to an interpolation point and its negative; the first row is the point 0,
 * the last one infinity. Matrices: A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural
 * Networks", arXiv:1509.09308; those of F(6, 3) follow its construction with points 0, +-1, +-2, +-1/2.
 */
export interface Winograd {
  readonly outputs: number;
  readonly inputs: number;
  /** `B` transposed, `inputs x inputs`. */
  readonly input: Matrix;
  /** `G`, `inputs x 3`. */
  readonly filter: Matrix;
  /** `A` transposed, `outputs x inputs`. */
  readonly output: Matrix;
}

export type Matrix = readonly (readonly number[])[];

export type WinogradSize = 2 | 4 | 6;

/** Stride 1, no holes, one group: what Winograd's algorithm is for. */
export const isWinogradCase = ({ transposed, groups, axes }: ConvGeometry): boolean =>
  !transposed &&
  groups === 1 &&
  axes.length === 2 &&
  axes.every(({ kernel, stride, dilation }) => kernel === 3 && stride === 1 && dilation === 1);

export const winograds: Readonly<Record<WinogradSize, Winograd>> = {
  2: {
    outputs: 2,
    inputs: 4,
    input: [
      [1, 0, -1, 0],
      [0, 1, 1, 0],
      [0, -1, 1, 0],
      [0, 1, 0, -1],
    ],
    filter: [
      [1, 0, 0],
      [1 / 2, 1 / 2, 1 / 2],
      [1 / 2, -1 / 2, 1 / 2],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 0],
      [0, 1, -1, -1],
    ],
  },
  4: {
    outputs: 4,
    inputs: 6,
    input: [
      [4, 0, -5, 0, 1, 0],
      [0, -4, -4, 1, 1, 0],
      [0, 4, -4, -1, 1, 0],
      [0, -2, -1, 2, 1, 0],
      [0, 2, -1, -2, 1, 0],
      [0, 4, 0, -5, 0, 1],
    ],
    filter: [
      [1 / 4, 0, 0],
      [-1 / 6, -1 / 6, -1 / 6],
      [-1 / 6, 1 / 6, -1 / 6],
      [1 / 24, 1 / 12, 1 / 6],
      [1 / 24, -1 / 12, 1 / 6],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 1, 1, 0],
      [0, 1, -1, 2, -2, 0],
      [0, 1, 1, 4, 4, 0],
      [0, 1, -1, 8, -8, 1],
    ],
  },
  6: {
    outputs: 6,
    inputs: 8,
    input: [
      [1, 0, -21 / 4, 0, 21 / 4, 0, -1, 0],
      [0, 1, 1, -17 / 4, -17 / 4, 1, 1, 0],
      [0, -1, 1, 17 / 4, -17 / 4, -1, 1, 0],
      [0, 1 / 2, 1 / 4, -5 / 2, -5 / 4, 2, 1, 0],
      [0, -1 / 2, 1 / 4, 5 / 2, -5 / 4, -2, 1, 0],
      [0, 2, 4, -5 / 2, -5, 1 / 2, 1, 0],
      [0, -2, 4, 5 / 2, -5, -1 / 2, 1, 0],
      [0, -1, 0, 21 / 4, 0, -21 / 4, 0, 1],
    ],
    filter: [
      [1, 0, 0],
      [-2 / 9, -2 / 9, -2 / 9],
      [-2 / 9, 2 / 9, -2 / 9],
      [1 / 90, 1 / 45, 2 / 45],
      [1 / 90, -1 / 45, 2 / 45],
      [32 / 45, 16 / 45, 8 / 45],
      [32 / 45, -16 / 45, 8 / 45],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 1, 1, 1, 1, 0],
      [0, 1, -1, 2, -2, 1 / 2, -1 / 2, 0],
      [0, 1, 1, 4, 4, 1 / 4, 1 / 4, 0],
      [0, 1, -1, 8, -8, 1 / 8, -1 / 8, 0],
      [0, 1, 1, 16, 16, 1 / 16, 1 / 16, 0],
      [0, 1, -1, 32, -32, 1 / 32, -1 / 32, 1],
    ],
  },
};
