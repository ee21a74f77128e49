import type { ConvGeometry } from '../../model/conv.js';
import { convMacs } from '../../model/macs.js';
import { isWinogradCase, type WinogradSize, winograds } from '../../model/winograd.js';
import type { ConvProblem, Kernel, PreparedKernel, ProblemWeights } from '../engine.js';
import { floatBytes } from './bytes.js';
import { type Clamp, fuseActivation } from './clamp.js';
import { emitGemm, type GemmShape, gemmItems, gemmTile, gemmWeightFloats } from './gemm.js';
import { type PaddedMap, paddedBytes, paddedCopy } from './padded-map.js';
import { isEmpty, nothingToRun } from './problems.js';
import type { Runtime } from './runtime.js';
import type { Tuning } from './tuning.js';
import { sampledError } from './winograd-check.js';
import { packFilters, winogradError } from './winograd-filters.js';
import { emitWinogradInput } from './winograd-input.js';
import { emitWinogradOutput } from './winograd-output.js';
import { planeBytes, planeChannels, rowsBytes, type WinogradShape } from './winograd-shape.js';

/** The planes of a block, of input and of output, should not fill more than this. */
const mostPlanesBytes = 3_000_000;

/** The largest error that is accepted unasked, relative to the largest output. */
const errorLimit = 1e-4;

export const winogradName = (size: WinogradSize): string => `f32-winograd-${size}x${size}-3x3-wasmsimd`;

/** Runs every convolution it can on F(size x size, 3 x 3), whatever the error: for who asks for it. */
export const winogradKernel = (runtime: Runtime, size: WinogradSize): Kernel => ({
  name: winogradName(size),
  supports: problem => problem.kind === 'conv' && isWinogradCase(problem.geometry),
  prepare: (problem, weights) => prepareWinograd(runtime, problem as ConvProblem, weights, size),
});

/**
 * Runs what is estimated to be faster than the direct kernel, as long as the error stays below 1e-4 of the
 * largest output: tried on the layer's own filters before, and on its own values in the first run. Else
 * `direct` takes over, and the prepared kernel says so.
 */
export const accurateWinogradKernel = (runtime: Runtime, size: WinogradSize, direct: Kernel): Kernel => ({
  name: winogradName(size),
  supports: problem =>
    problem.kind === 'conv' && isWinogradCase(problem.geometry) && fastestSize(problem.geometry) === size,
  prepare: (problem, weights) => prepareAccurate(runtime, problem as ConvProblem, weights, size, direct),
});

function prepareAccurate(
  runtime: Runtime,
  problem: ConvProblem,
  weights: ProblemWeights,
  size: WinogradSize,
  direct: Kernel,
): PreparedKernel {
  const isAccurate = winogradError(problem.geometry, weights[0]!, winograds[size]) <= errorLimit;
  let chosen = isAccurate
    ? prepareWinograd(runtime, problem, weights, size)
    : direct.prepare(problem, weights);
  let kernel = isAccurate ? winogradName(size) : direct.name;
  let isChecked = !isAccurate;
  return {
    get kernel() {
      return kernel;
    },
    run(inputs, output) {
      chosen.run(inputs, output);
      if (isChecked || output.length === 0) return;
      isChecked = true;
      if (sampledError(problem, weights, inputs[0]!, output, size) <= errorLimit) return;
      chosen = direct.prepare(problem, weights);
      kernel = direct.name;
      chosen.run(inputs, output);
    },
    multiplies: () => chosen.multiplies?.() ?? convMacs(problem.geometry),
  };
}

/**
 * The tile that is estimated to run a convolution fastest; undefined where the direct kernel is. In units of
 * one multiply-add of a product, measured: a transformed value costs about 8, a weight about 6, since
 * weights are read from memory, and the three stages of a block together about 100,000.
 */
export function fastestSize(geometry: ConvGeometry): 2 | 4 | undefined {
  const { batch, inChannels, outChannels, axes } = geometry;
  const weights = inChannels * outChannels;
  const cost = (size: WinogradSize): number => {
    const { inputs } = winograds[size];
    const tiles = axes.reduce((count, { output }) => count * Math.ceil(output / size), batch);
    return inputs ** 2 * (tiles * (weights + 8 * (inChannels + outChannels)) + 6 * weights) + 100_000;
  };
  const direct = convMacs(geometry);
  const [best] = ([2, 4] as const)
    .map(size => ({ size, cost: cost(size) }))
    .filter(candidate => candidate.cost < direct)
    .sort((a, b) => a.cost - b.cost);
  return best?.size;
}

function prepareWinograd(
  runtime: Runtime,
  problem: ConvProblem,
  [weights, bias]: ProblemWeights,
  size: WinogradSize,
): PreparedKernel {
  const { geometry } = problem;
  if (isEmpty(geometry)) return nothingToRun;
  const { arena, tuning, threads } = runtime;
  const { clamp, after } = fuseActivation(problem.activation);
  const { map, shape } = planWinograd(geometry, size, clamp);
  const copy = paddedCopy(map);
  const { rowsPerBlock, tileRows } = shape;
  const rows = geometry.batch * tileRows;
  const product = planeProduct(shape, tuning, rowsPerBlock);
  const lastProduct = planeProduct(shape, tuning, rows % rowsPerBlock);

  const stage = runtime.compile(
    { winograd: shape, rest: rows % rowsPerBlock },
    convMacs(geometry),
    module => {
      copy.emit(module, 'pad');
      emitWinogradInput(module, 'input', shape);
      emitGemm(module, 'product', product);
      if (rows % rowsPerBlock > 0) emitGemm(module, 'lastProduct', lastProduct);
      emitWinogradOutput(module, 'output', shape);
    },
  );
  const pad = stage('pad');
  const transformInput = stage('input');
  const multiply = stage('product');
  const transformOutput = stage('output');
  const multiplyLast = rows % rowsPerBlock > 0 ? stage('lastProduct') : multiply;

  const filters = arena.reserve(gemmWeightFloats(product) * floatBytes);
  packFilters(geometry, weights!, winograds[size], product, arena.floats(filters, gemmWeightFloats(product)));
  const biasAddress = arena.reserve(planeChannels(geometry.outChannels) * floatBytes);
  if (bias) arena.floats(biasAddress, bias.length).set(bias);
  const sourceRows = arena.place(copy.table);
  const rowTable = arena.place(Int32Array.of(0, 0));

  const planes = shape.winograd.inputs ** 2;
  const bytes = {
    padded: paddedBytes(map),
    input: planes * planeBytes(shape, geometry.inChannels),
    output: planes * planeBytes(shape, geometry.outChannels),
  };
  arena.reserveScratch(bytes.padded + bytes.input + bytes.output + threads * rowsBytes(shape));

  return {
    run([input], output) {
      const padded = arena.scratch;
      const inputPlanes = padded + bytes.padded;
      const outputPlanes = inputPlanes + bytes.input;
      const transformedRows = outputPlanes + bytes.output;
      const to = arena.addressOf(output);
      pad(copy.items, arena.addressOf(input!), padded, sourceRows);
      for (let row = 0; row < rows; row += rowsPerBlock) {
        const count = Math.min(rowsPerBlock, rows - row);
        const run = count === rowsPerBlock ? multiply : multiplyLast;
        transformInput(count, padded, inputPlanes, transformedRows, row);
        run(gemmItems(product), inputPlanes, filters, outputPlanes, rowTable);
        transformOutput(count, outputPlanes, transformedRows, biasAddress, to, row);
      }
      after?.(output);
    },
    multiplies: () => planes * rows * shape.tileColumns * geometry.inChannels * geometry.outChannels,
  };
}

function planWinograd(
  { batch, inChannels, outChannels, axes }: ConvGeometry,
  size: WinogradSize,
  clamp: Clamp,
): { map: PaddedMap; shape: WinogradShape } {
  const winograd = winograds[size];
  const [height, width] = axes.map(({ output, input, padBegin }) => {
    const tiles = Math.ceil(output / size);
    return { output, tiles, input, before: padBegin, size: tiles * size + 2 };
  }) as [Tiled, Tiled];
  const rowPlanes = winograd.inputs ** 2 * width.tiles * (inChannels + outChannels) * floatBytes;
  const rowsPerBlock = Math.min(Math.max(Math.floor(mostPlanesBytes / rowPlanes), 1), batch * height.tiles);
  return {
    map: { batch, channels: inChannels, axes: [height, width] },
    shape: {
      winograd,
      tileRows: height.tiles,
      tileColumns: width.tiles,
      // The same number of blocks, cut evenly.
      rowsPerBlock: Math.ceil((batch * height.tiles) / Math.ceil((batch * height.tiles) / rowsPerBlock)),
      paddedWidth: width.size,
      paddedHeight: height.size,
      inChannels,
      outChannels,
      outputHeight: height.output,
      outputWidth: width.output,
      clamp,
    },
  };
}

interface Tiled {
  readonly output: number;
  readonly tiles: number;
  readonly input: number;
  readonly before: number;
  readonly size: number;
}

/** For each plane the product of its tiles by its filters: planes are the groups of one product. */
function planeProduct(shape: WinogradShape, tuning: Tuning, rows: number): GemmShape {
  const tiles = rows * shape.tileColumns;
  const inputStride = planeChannels(shape.inChannels) * floatBytes;
  const outputStride = planeChannels(shape.outChannels) * floatBytes;
  return {
    ...gemmTile(tuning),
    reduction: [{ count: shape.inChannels, stride: floatBytes }],
    inputStride,
    outputStride,
    bias: false,
    clamp: { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
    rows: 1,
    rowPixels: tiles,
    lastRowPixels: tiles,
    columns: shape.outChannels,
    groups: shape.winograd.inputs ** 2,
    groupInputStride: planeBytes(shape, shape.inChannels),
    groupOutputStride: planeBytes(shape, shape.outChannels),
    rowsPerBlock: 1,
    panelsPerItem: Math.ceil(shape.outChannels / tuning.panelColumns),
  };
}
