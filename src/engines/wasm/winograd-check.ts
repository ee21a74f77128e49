import { activationFunction } from '../../model/activation.js';
import { type ConvGeometry, convInput, convOutput } from '../../model/conv.js';
import type { ConvProblem, ProblemWeights } from '../engine.js';

/** Output pixels and channels that are computed again. Pixels come as tiles: errors differ inside of one. */
const checkedTiles = 4;
const checkedChannels = 2;

/**
 * The largest error of an output, relative to its largest value, seen at a few tiles that are computed again
 * in float64: what a transform does to the values that a layer really gets.
 */
export function sampledError(
  { geometry, activation }: ConvProblem,
  [weights, bias]: ProblemWeights,
  input: Float32Array,
  output: Float32Array,
  tileSize: number,
): number {
  const { sizes, batch } = convOutput(geometry);
  const [height, width] = sizes as [number, number];
  const { outChannels } = geometry;
  const activate = activationFunction(activation);
  let error = 0;
  for (let tile = 0; tile < checkedTiles; tile++) {
    const image = (tile * batch) >> 2;
    const row = sample(tile, height, tileSize);
    const column = sample(checkedTiles - 1 - tile, width, tileSize);
    for (let at = 0; at < tileSize ** 2; at++) {
      const oh = Math.min(row + Math.floor(at / tileSize), height - 1);
      const ow = Math.min(column + (at % tileSize), width - 1);
      for (let tried = 0; tried < checkedChannels; tried++) {
        const oc = Math.floor(
          ((tile * checkedChannels + tried) * outChannels) / (checkedTiles * checkedChannels),
        );
        const sum = plainSum(geometry, weights!, input, { image, oh, ow, oc }) + (bias?.[oc] ?? 0);
        const actual = output[((image * height + oh) * width + ow) * outChannels + oc]!;
        error = Math.max(error, Math.abs(actual - activate(sum)));
      }
    }
  }
  let largest = Number.MIN_VALUE;
  for (let at = 0; at < output.length; at++) largest = Math.max(largest, Math.abs(output[at]!));
  return error / largest;
}

/** The first row or column of one of the tiles, spread over the map. */
const sample = (tile: number, size: number, tileSize: number): number =>
  Math.floor((tile * Math.ceil(size / tileSize)) / checkedTiles) * tileSize;

/** One output of a 3x3 convolution of stride 1, before its bias. */
function plainSum(
  geometry: ConvGeometry,
  weights: Float32Array,
  input: Float32Array,
  { image, oh, ow, oc }: { image: number; oh: number; ow: number; oc: number },
): number {
  const { inChannels, axes } = geometry;
  const [height, width] = convInput(geometry).sizes as [number, number];
  let sum = 0;
  for (let tap = 0; tap < 9; tap++) {
    const ih = oh + Math.floor(tap / 3) - axes[0]!.padBegin;
    const iw = ow + (tap % 3) - axes[1]!.padBegin;
    if (ih < 0 || iw < 0 || ih >= height || iw >= width) continue;
    const pixel = ((image * height + ih) * width + iw) * inChannels;
    const filter = oc * inChannels * 9 + tap;
    for (let ic = 0; ic < inChannels; ic++) sum += input[pixel + ic]! * weights[filter + ic * 9]!;
  }
  return sum;
}
