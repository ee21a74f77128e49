import { depthMultiplier } from '../../model/conv.js';
import { convMacs } from '../../model/macs.js';
import {
  type Kernel,
  type PreparedKernel,
  type ProblemWeights,
  type SeparableProblem,
  separableWeights,
} from '../engine.js';
import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { i32 } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import { fuseActivation } from './clamp.js';
import { isPointwise, planMatrix } from './conv-gemm.js';
import { planBands, planSlabs } from './depthwise.js';
import { bandBlock, emitDepthwiseRows, planRows, zeroRowBytes } from './depthwise-rows.js';
import { packDepthwise } from './depthwise-tile.js';
import { emitGemm, gemmItems, gemmTile, gemmTileName, gemmWeightFloats, packGemmWeights } from './gemm.js';
import { isEmpty, nothingToRun, outputLength } from './problems.js';
import { type Runtime, stageParameters } from './runtime.js';

/** Rows between the two steps stay in the second level cache. */
const betweenBytes = 128_000;

/**
 * A depthwise convolution and the pointwise one after it: a few rows of the first go to scratch memory and
 * through the second, so that the map between them is never stored whole.
 */
export const fusedSeparableKernel = (runtime: Runtime): Kernel => ({
  name: `f32-separable-${gemmTileName(runtime.tuning)}-wasmsimd`,
  supports: problem => problem.kind === 'separable' && isFusable(problem, runtime),
  prepare: (problem, weights) => prepareFused(runtime, problem as SeparableProblem, weights),
});

/** Every other pair, as two steps with a map between them. */
export const twoStepSeparableKernel = (runtime: Runtime, kernels: readonly Kernel[]): Kernel => ({
  name: 'f32-separable-two-step-wasmsimd',
  supports: problem => problem.kind === 'separable',
  prepare: (problem, weights) => prepareTwoSteps(runtime, problem as SeparableProblem, weights, kernels),
});

function isFusable({ depthwise, pointwise }: SeparableProblem, runtime: Runtime): boolean {
  const { clamp, after } = fuseActivation(depthwise.activation);
  const { geometry } = depthwise;
  return (
    after === undefined &&
    depthMultiplier(geometry) === 1 &&
    isPointwise(pointwise.geometry) &&
    // Where channels collide in the cache, slices are faster than rows; slices cannot be fused.
    planSlabs(geometry, clamp, runtime) === undefined &&
    planBands(geometry, clamp, runtime) !== undefined
  );
}

function prepareTwoSteps(
  { arena }: Runtime,
  problem: SeparableProblem,
  weights: ProblemWeights,
  kernels: readonly Kernel[],
): PreparedKernel {
  const [first, second] = separableWeights(problem, weights);
  const prepare = (step: SeparableProblem['depthwise'], values: ProblemWeights): PreparedKernel =>
    kernels.find(({ supports }) => supports(step))!.prepare(step, values);
  const depthwise = prepare(problem.depthwise, first);
  const pointwise = prepare(problem.pointwise, second);
  const floats = outputLength(problem.depthwise.geometry);
  const between = arena.floats(arena.reserve(floats * floatBytes), floats);
  return {
    run(inputs, output) {
      depthwise.run(inputs, between);
      pointwise.run([between], output);
    },
  };
}

function prepareFused(runtime: Runtime, problem: SeparableProblem, weights: ProblemWeights): PreparedKernel {
  const { depthwise, pointwise } = problem;
  if (isEmpty(depthwise.geometry)) return nothingToRun;
  const { arena, tuning, threads } = runtime;
  const { inChannels, outChannels } = pointwise.geometry;
  const middle = fuseActivation(depthwise.activation);
  const { clamp, after } = fuseActivation(pointwise.activation);
  const block = bandBlock(depthwise.geometry, tuning.depthwise);
  const { band, bands, rowTable } = planRows(depthwise.geometry, block, middle.clamp);

  const bandBytes = band.outputRows * band.outputRowBytes;
  const bandsPerItem = largestDivisor(bands, betweenBytes / bandBytes);
  const pixels = bandsPerItem * band.outputRows * band.outputWidth;
  const matrix = planMatrix(pixels, inChannels, outChannels, { ...gemmTile(tuning), bias: true, clamp });
  const product = { ...matrix.shape, rows: 1, rowPixels: pixels, lastRowPixels: pixels };
  const chunk: Chunk = {
    bands: bandsPerItem,
    bandBytes,
    outputBytes: pixels * outChannels * floatBytes,
    productItems: gemmItems(product),
  };

  const macs = convMacs(depthwise.geometry) + convMacs(pointwise.geometry);
  const launch = runtime.compile({ separable: band, product, chunk }, macs, module => {
    const rows = emitDepthwiseRows(module, 'depthwise', band);
    emitChunks(module, 'separable', chunk, rows, emitGemm(module, 'pointwise', product));
  })('separable');

  const [first, second] = separableWeights(problem, weights);
  const depthwiseWeights = arena.place(packDepthwise(first[0]!, first[1], inChannels));
  const pointwiseWeights = arena.reserve(gemmWeightFloats(product) * floatBytes);
  packGemmWeights(product, matrix.layout, second, arena.floats(pointwiseWeights, gemmWeightFloats(product)));
  const bandTable = arena.place(rowTable);
  const pixelTable = arena.place(Int32Array.of(0, 0));
  arena.reserveZeros(zeroRowBytes(band));
  arena.reserveScratch(threads * bandsPerItem * bandBytes);
  return {
    run([input], output) {
      launch(
        bands / bandsPerItem,
        arena.addressOf(input!),
        depthwiseWeights,
        bandTable,
        arena.zeros,
        arena.scratch,
        pointwiseWeights,
        arena.addressOf(output),
        pixelTable,
      );
      after?.(output);
    },
  };
}

function largestDivisor(count: number, limit: number): number {
  let divisor = Math.min(Math.max(Math.floor(limit), 1), count);
  while (count % divisor !== 0) divisor--;
  return divisor;
}

/** What an item of the fused stage covers. */
interface Chunk {
  readonly bands: number;
  readonly bandBytes: number;
  readonly outputBytes: number;
  readonly productItems: number;
}

const chunkParameters = [
  ...stageParameters,
  'input',
  'depthwiseWeights',
  'bandTable',
  'zeros',
  'between',
  'pointwiseWeights',
  'output',
  'pixelTable',
] as const;

/** Emits the stage that calls both steps for one chunk of rows after the other. */
function emitChunks(
  module: ModuleBuilder,
  name: string,
  { bands, bandBytes, outputBytes, productItems }: Chunk,
  depthwise: FunctionBuilder,
  pointwise: FunctionBuilder,
): FunctionBuilder {
  return module.define(name, chunkParameters, (f, at) => {
    const item = f.int();
    const firstBand = f.int();
    const ownRows = f.int(i32.add(at.between, i32.multiply(at.worker, bands * bandBytes)));
    f.range(item, at.begin, at.end, () => {
      f.set(firstBand, i32.multiply(item, bands));
      // The depthwise step adds the place of its band: taken off here, so that chunks start at the same rows.
      const rows = i32.subtract(ownRows, i32.multiply(firstBand, bandBytes));
      const lastBand = i32.add(firstBand, bands);
      f.call(depthwise, [
        firstBand,
        lastBand,
        at.worker,
        at.input,
        at.depthwiseWeights,
        rows,
        at.bandTable,
        at.zeros,
      ]);
      const output = i32.add(at.output, i32.multiply(item, outputBytes));
      f.call(pointwise, [0, productItems, at.worker, ownRows, at.pointwiseWeights, output, at.pixelTable]);
    });
  });
}
