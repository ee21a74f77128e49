import { type ConvGeometry, convInput, depthMultiplier } from '../../model/conv.js';
import { convMacs } from '../../model/macs.js';
import type { ConvProblem, Kernel, PreparedKernel, ProblemWeights } from '../engine.js';
import type { ModuleBuilder } from './assembler/module.js';
import { floatBytes } from './bytes.js';
import { type Clamp, fuseActivation } from './clamp.js';
import { planWindow, slidingMap, slidingWalks } from './conv-gemm.js';
import {
  bandBlock,
  type DepthwiseBlock,
  emitDepthwiseRows,
  planRows,
  zeroRowBytes,
} from './depthwise-rows.js';
import { emitDepthwiseSlab, planSlab, slabBytes, slabItems } from './depthwise-slab.js';
import { emitDepthwiseTaps, type TapsPlan } from './depthwise-taps.js';
import { packDepthwise } from './depthwise-tile.js';
import { gemmTile } from './gemm.js';
import type { Arena } from './memory.js';
import { needsCopy, paddedBytes, paddedCopy } from './padded-map.js';
import { isEmpty, kernelTaps, nothingToRun } from './problems.js';
import { emitRepeatChannels } from './repeat-channels.js';
import type { Launch, Runtime } from './runtime.js';

/** Code of a band grows with its taps and with its edges; beyond this kernel the taps become loops. */
const unrolledTaps = 49;

/** Depthwise, or of one channel: each output channel has one input channel to itself. */
const isChannelwise = ({ transposed, groups, inChannels, axes }: ConvGeometry): boolean =>
  !transposed && groups === inChannels && axes.length > 0;

/** How to compute a depthwise convolution without multiplier. */
interface DepthwisePlan {
  /** The kernel with the block that it runs with here. */
  readonly kernel: string;
  /** All that its code depends on. */
  readonly shape: object;
  readonly emit: (module: ModuleBuilder) => void;
  readonly scratchBytes: number;
  /** Places its tables. The result computes: addresses in bytes. */
  readonly place: (
    arena: Arena,
    stage: (name: string) => Launch,
  ) => (input: number, weights: number, output: number, scratch: number) => void;
}

type Planner = (geometry: ConvGeometry, clamp: Clamp, runtime: Runtime) => DepthwisePlan | undefined;

const kernelName = (family: string, { outputRows, blockPixels }: DepthwiseBlock): string =>
  `f32-dwconv-${family}${outputRows}x${blockPixels}-wasmsimd`;

const tapsName = kernelName('taps-', { outputRows: 1, blockPixels: 4 });

/** Depthwise convolutions in order of preference: slices where channels collide, else bands, else loops. */
export const depthwiseKernels = (runtime: Runtime): readonly Kernel[] => [
  kernelOf(runtime, kernelName('slab-', runtime.tuning.depthwise[0]!), planSlabs),
  kernelOf(runtime, kernelName('', runtime.tuning.depthwise[0]!), planBands),
  kernelOf(runtime, tapsName, planTaps),
];

const kernelOf = (runtime: Runtime, name: string, planner: Planner): Kernel => ({
  name,
  supports: problem =>
    problem.kind === 'conv' &&
    isChannelwise(problem.geometry) &&
    planner(withoutMultiplier(problem.geometry), fuseActivation(problem.activation).clamp, runtime) !==
      undefined,
  prepare: (problem, weights) => prepareDepthwise(runtime, problem as ConvProblem, weights, planner),
});

/** The same convolution over an input whose channels were repeated. */
const withoutMultiplier = (geometry: ConvGeometry): ConvGeometry => ({
  ...geometry,
  inChannels: geometry.outChannels,
  groups: geometry.outChannels,
});

function prepareDepthwise(
  runtime: Runtime,
  problem: ConvProblem,
  [weights, bias]: ProblemWeights,
  planner: Planner,
): PreparedKernel {
  const { geometry } = problem;
  if (isEmpty(geometry)) return nothingToRun;
  const { arena } = runtime;
  const { clamp, after } = fuseActivation(problem.activation);
  const plan = planner(withoutMultiplier(geometry), clamp, runtime)!;
  const times = depthMultiplier(geometry);
  const { batch, channels, sizes } = convInput(geometry);
  const pixels = sizes.reduce((product, size) => product * size, batch);
  const repeatedBytes = times > 1 ? pixels * channels * times * floatBytes : 0;

  const stage = runtime.compile({ depthwise: plan.shape, channels, times }, convMacs(geometry), module => {
    if (times > 1) emitRepeatChannels(module, 'repeat', { channels, times });
    plan.emit(module);
  });
  const repeat = times > 1 ? stage('repeat') : undefined;
  const packed = arena.place(packDepthwise(weights!, bias, geometry.outChannels));
  const compute = plan.place(arena, stage);
  arena.reserveScratch(repeatedBytes + plan.scratchBytes);
  return {
    kernel: plan.kernel,
    run([input], output) {
      const { scratch } = arena;
      repeat?.(pixels, arena.addressOf(input!), scratch);
      const from = repeat ? scratch : arena.addressOf(input!);
      compute(from, packed, arena.addressOf(output), scratch + repeatedBytes);
      after?.(output);
    },
  };
}

const isUnrolled = (geometry: ConvGeometry): boolean =>
  kernelTaps(geometry) <= unrolledTaps && geometry.axes.at(-1)!.kernel <= 7;

export const planSlabs: Planner = (geometry, clamp, { tuning, threads }) => {
  const plan = isUnrolled(geometry) ? planSlab(geometry, tuning.depthwise, clamp) : undefined;
  return (
    plan && {
      kernel: kernelName('slab-', plan.band),
      shape: plan,
      emit: module => emitDepthwiseSlab(module, 'depthwise', plan),
      scratchBytes: 0,
      place: (arena, stage) => {
        const slabs = arena.reserve(threads * slabBytes(plan));
        const launch = stage('depthwise');
        return (input, weights, output) => launch(slabItems(plan), input, weights, output, slabs);
      },
    }
  );
};

/** Where padding is wide, most blocks are edges, each with code of its own: then it is better copied. */
const hasNarrowPadding = ({ axes }: ConvGeometry): boolean =>
  axes.every(({ padBegin, kernel, dilation }) => padBegin <= (kernel - 1) * dilation && padBegin <= 16);

export const planBands: Planner = (geometry, clamp, { tuning }) => {
  if (!isUnrolled(geometry) || !hasNarrowPadding(geometry)) return undefined;
  const { band, bands, rowTable } = planRows(geometry, bandBlock(geometry, tuning.depthwise), clamp);
  return {
    kernel: kernelName('', band),
    shape: band,
    emit: module => emitDepthwiseRows(module, 'depthwise', band),
    scratchBytes: 0,
    place: (arena, stage) => {
      const table = arena.place(rowTable);
      arena.reserveZeros(zeroRowBytes(band));
      const launch = stage('depthwise');
      return (input, weights, output) => launch(bands, input, weights, output, table, arena.zeros);
    },
  };
};

const planTaps: Planner = (geometry, clamp, { tuning }) => {
  const map = slidingMap(geometry);
  const { shape, rowTable } = planWindow({
    geometry,
    defaults: { ...gemmTile(tuning), bias: true, clamp },
    map,
    axes: slidingWalks(geometry),
  });
  const plan: TapsPlan = {
    window: shape.reduction,
    taps: kernelTaps(geometry),
    channels: geometry.outChannels,
    outputWidth: shape.rowPixels,
    inputStride: shape.inputStride,
    outputStride: shape.outputStride,
    clamp,
  };
  const copy = needsCopy(map) ? paddedCopy(map) : undefined;
  return {
    kernel: tapsName,
    shape: { plan, map: copy && map },
    emit: module => {
      copy?.emit(module, 'pad');
      emitDepthwiseTaps(module, 'depthwise', plan);
    },
    scratchBytes: copy ? paddedBytes(map) : 0,
    place: (arena, stage) => {
      const table = arena.place(rowTable);
      const sourceRows = copy ? arena.place(copy.table) : 0;
      const pad = copy && stage('pad');
      const launch = stage('depthwise');
      return (input, weights, output, scratch) => {
        pad?.(copy!.items, input, scratch, sourceRows);
        launch(shape.rows, copy ? scratch : input, weights, output, table);
      };
    },
  };
};
