import { activationFunction } from '../../model/activation.js';
import {
  isWinogradCase,
  type Matrix,
  type Winograd,
  type WinogradSize,
  winograds,
} from '../../model/winograd.js';
import type { ConvProblem, Kernel, PreparedKernel } from '../engine.js';

/** What the transforms multiplied with constants other than 0, 1 and -1. */
export interface TransformMultiplies {
  readonly input: number;
  readonly output: number;
  /** Once, in `prepare`: filters do not change from run to run. */
  readonly filter: number;
}

export interface CountingWinograd extends PreparedKernel {
  readonly multiplies: () => number;
  readonly transformMultiplies: () => TransformMultiplies;
}

export interface ReferenceWinograd extends Kernel {
  prepare(...problem: Parameters<Kernel['prepare']>): CountingWinograd;
}

/**
 * Winograd's F(m x m, 3 x 3), tile by tile and in float64, as its definition has it:
 *
 *     tile of m x m outputs = output * (sum over channels of (filter * w) o (input * x))      o: element by element
 *
 * `multiplies()` counts the products between filters and inputs: (m + 2)^2 for each tile and pair of channels.
 */
export const referenceWinograd = (size: WinogradSize): ReferenceWinograd => ({
  name: `reference-winograd-${size}x${size}`,
  supports: problem => problem.kind === 'conv' && isWinogradCase(problem.geometry),
  prepare: (problem, [weights, bias]) =>
    prepareWinograd(problem as ConvProblem, weights!, bias, winograds[size]),
});

function prepareWinograd(
  { geometry, activation }: ConvProblem,
  weights: Float32Array,
  bias: Float32Array | undefined,
  { outputs: m, inputs: n, ...transforms }: Winograd,
): CountingWinograd {
  const { batch, inChannels, outChannels, axes } = geometry;
  const [rows, columns] = [axes[0]!, axes[1]!];
  const activate = activationFunction(activation);
  const counts = { multiplies: 0, input: 0, output: 0, filter: 0 };
  const transform = (stage: 'input' | 'output' | 'filter', tile: Tile): Tile => {
    const nested = nest(transforms[stage], tile);
    counts[stage] += nested.multiplies;
    return nested.tile;
  };
  const filters = Array.from({ length: outChannels * inChannels }, (_, pair) =>
    transform('filter', {
      rows: 3,
      columns: 3,
      values: Float64Array.from(weights.subarray(pair * 9, pair * 9 + 9)),
    }),
  );

  return {
    run([input], output) {
      Object.assign(counts, { multiplies: 0, input: 0, output: 0 });
      for (let b = 0; b < batch; b++) {
        for (let top = 0; top < rows.output; top += m) {
          for (let left = 0; left < columns.output; left += m) {
            const inputs = Array.from({ length: inChannels }, (_, ic) =>
              transform('input', readTile(b, top - rows.padBegin, left - columns.padBegin, ic)),
            );
            for (let oc = 0; oc < outChannels; oc++)
              writeTile(b, top, left, oc, transform('output', sums(oc, inputs)));
          }
        }
      }

      /** `n x n` inputs of one channel; what lies outside is zero. */
      function readTile(b: number, top: number, left: number, ic: number): Tile {
        const values = new Float64Array(n * n);
        for (let i = 0; i < n * n; i++) {
          const [h, w] = [top + Math.floor(i / n), left + (i % n)];
          const isInside = h >= 0 && h < rows.input && w >= 0 && w < columns.input;
          if (isInside) values[i] = input![((b * rows.input + h) * columns.input + w) * inChannels + ic]!;
        }
        return { rows: n, columns: n, values };
      }

      /** The tile's part that exists: at the edges tiles are ragged. */
      function writeTile(b: number, top: number, left: number, oc: number, { values }: Tile): void {
        for (let i = 0; i < m * m; i++) {
          const [h, w] = [top + Math.floor(i / m), left + (i % m)];
          if (h >= rows.output || w >= columns.output) continue;
          const at = ((b * rows.output + h) * columns.output + w) * outChannels + oc;
          output[at] = activate(values[i]! + (bias?.[oc] ?? 0));
        }
      }
    },
    multiplies: () => counts.multiplies,
    transformMultiplies: () => ({ input: counts.input, output: counts.output, filter: counts.filter }),
  };

  function sums(oc: number, inputs: readonly Tile[]): Tile {
    const values = new Float64Array(n * n);
    inputs.forEach((tile, ic) => {
      const filter = filters[oc * inChannels + ic]!;
      for (let i = 0; i < n * n; i++) {
        values[i]! += filter.values[i]! * tile.values[i]!;
        counts.multiplies++;
      }
    });
    return { rows: n, columns: n, values };
  }
}

/** Row by row. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

interface Counted {
  readonly tile: Tile;
  readonly multiplies: number;
}

/** `matrix * tile * matrix transposed`: the transform in both axes. */
function nest(matrix: Matrix, tile: Tile): Counted {
  const down = multiply(matrix, tile);
  const across = multiply(matrix, transpose(down.tile));
  return { tile: transpose(across.tile), multiplies: down.multiplies + across.multiplies };
}

function multiply(matrix: Matrix, { columns, values }: Tile): Counted {
  const product = new Float64Array(matrix.length * columns);
  let multiplies = 0;
  matrix.forEach((factors, row) => {
    factors.forEach((factor, from) => {
      if (factor === 0) return;
      for (let column = 0; column < columns; column++) {
        const value = values[from * columns + column]!;
        if (factor === 1) product[row * columns + column]! += value;
        else if (factor === -1) product[row * columns + column]! -= value;
        else {
          product[row * columns + column]! += factor * value;
          multiplies++;
        }
      }
    });
  });
  return { tile: { rows: matrix.length, columns, values: product }, multiplies };
}

function transpose({ rows, columns, values }: Tile): Tile {
  const turned = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) turned[(i % columns) * rows + Math.floor(i / columns)] = values[i]!;
  return { rows: columns, columns: rows, values: turned };
}
