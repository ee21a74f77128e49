import { type ConvGeometry, convOutput } from '../../model/conv.js';
import { convMacs } from '../../model/macs.js';
import { kernelExtent } from '../../model/window.js';
import type { ConvProblem, Kernel, PreparedKernel, ProblemWeights } from '../engine.js';
import { floatBytes } from './bytes.js';
import { fuseActivation } from './clamp.js';
import {
  emitGemm,
  type GemmShape,
  type GemmTile,
  gemmItems,
  gemmTile,
  gemmTileName,
  gemmWeightFloats,
  packGemmWeights,
  type WeightLayout,
} from './gemm.js';
import {
  addressedSizes,
  gridPlaces,
  mapStrides,
  needsCopy,
  type PaddedMap,
  paddedBytes,
  paddedCopy,
} from './padded-map.js';
import { isEmpty, kernelTaps, nothingToRun } from './problems.js';
import type { Runtime } from './runtime.js';

/** Input bytes that a block of rows may span, within a second level cache of 512 KB; measured for both kinds. */
const matrixBlockBytes = 131_072;
const windowBlockBytes = 262_144;

/** One product of a convolution, with the table that places its rows. */
export interface GemmPlan {
  readonly shape: GemmShape;
  readonly rowTable: Int32Array;
  readonly layout: WeightLayout;
}

/** A convolution as one or more products over one map, which is padded first where the window leaves it. */
export interface ConvPlan {
  readonly map: PaddedMap;
  readonly products: readonly GemmPlan[];
}

export const isPointwise = ({ transposed, groups, axes }: ConvGeometry): boolean =>
  !transposed &&
  groups === 1 &&
  axes.every(({ kernel, stride, padBegin, padEnd }) => kernel * stride === 1 && padBegin + padEnd === 0);

/** A pointwise convolution is one plain product: `[pixels, inChannels]` by `[inChannels, outChannels]`. */
export const pointwiseKernel = (runtime: Runtime): Kernel => ({
  name: `f32-gemm-${gemmTileName(runtime.tuning)}-wasmsimd`,
  supports: problem => problem.kind === 'conv' && isPointwise(problem.geometry),
  prepare: (problem, weights) => prepareProducts(runtime, problem as ConvProblem, weights, planPointwise),
});

/** Any other convolution is the same product over windows: rows of the output read where their windows lie. */
export const convKernel = (runtime: Runtime): Kernel => ({
  name: `f32-igemm-${gemmTileName(runtime.tuning)}-wasmsimd`,
  supports: problem =>
    problem.kind === 'conv' && !problem.geometry.transposed && problem.geometry.axes.length > 0,
  prepare: (problem, weights) => prepareProducts(runtime, problem as ConvProblem, weights, planConv),
});

/** What all products of a problem have in common. */
export type GemmDefaults = GemmTile & Pick<GemmShape, 'bias' | 'clamp'>;

/** Packs weights, places tables and compiles the products of a plan. */
export function prepareProducts(
  runtime: Runtime,
  problem: ConvProblem,
  weights: ProblemWeights,
  plan: (geometry: ConvGeometry, defaults: GemmDefaults) => ConvPlan,
): PreparedKernel {
  const { geometry } = problem;
  if (isEmpty(geometry)) return nothingToRun;
  const { arena, tuning } = runtime;
  const { clamp, after } = fuseActivation(problem.activation);
  const { map, products } = plan(geometry, { ...gemmTile(tuning), bias: true, clamp });
  const copy = needsCopy(map) ? paddedCopy(map) : undefined;

  const shapes = products.map(({ shape }) => shape);
  const stage = runtime.compile({ map: copy && map, shapes }, convMacs(geometry), module => {
    copy?.emit(module, 'pad');
    for (const [at, shape] of shapes.entries()) emitGemm(module, `product${at}`, shape);
  });
  const launches = products.map(({ shape, rowTable, layout }, at) => {
    const packed = arena.reserve(gemmWeightFloats(shape) * floatBytes);
    packGemmWeights(shape, layout, weights, arena.floats(packed, gemmWeightFloats(shape)));
    const table = arena.place(rowTable);
    const launch = stage(`product${at}`);
    return (input: number, output: number) => launch(gemmItems(shape), input, packed, output, table);
  });

  const pad = copy && stage('pad');
  const sourceRows = copy ? arena.place(copy.table) : 0;
  if (copy) arena.reserveScratch(paddedBytes(map));
  return {
    run([input], output) {
      let from = arena.addressOf(input!);
      if (copy) {
        pad!(copy.items, from, arena.scratch, sourceRows);
        from = arena.scratch;
      }
      const to = arena.addressOf(output);
      for (const launch of launches) launch(from, to);
      after?.(output);
    },
  };
}

function planPointwise(geometry: ConvGeometry, defaults: GemmDefaults): ConvPlan {
  const { batch, sizes } = convOutput(geometry);
  const pixels = sizes.reduce((product, size) => product * size, batch);
  return {
    map: { batch: 1, channels: geometry.inChannels, axes: [{ input: pixels, before: 0, size: pixels }] },
    products: [planMatrix(pixels, geometry.inChannels, geometry.outChannels, defaults)],
  };
}

/** `[rows, k]` by `[k, columns]`, weights `[columns, k]`; rows of the matrix are cut into blocks for the cache. */
export function planMatrix(pixels: number, k: number, columns: number, defaults: GemmDefaults): GemmPlan {
  const blocks = Math.ceil((pixels * k * floatBytes) / matrixBlockBytes);
  const rowPixels = Math.ceil(pixels / blocks);
  const rows = Math.ceil(pixels / rowPixels);
  const shape: GemmShape = {
    ...defaults,
    reduction: [{ count: k, stride: floatBytes }],
    inputStride: k * floatBytes,
    outputStride: columns * floatBytes,
    rows,
    rowPixels,
    lastRowPixels: pixels - (rows - 1) * rowPixels,
    columns,
    groups: 1,
    groupInputStride: 0,
    groupOutputStride: 0,
    rowsPerBlock: 1,
    panelsPerItem: panelsPerItem(rows, columns, defaults),
  };
  const rowTable = new Int32Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    rowTable[2 * row] = row * rowPixels * shape.inputStride;
    rowTable[2 * row + 1] = row * rowPixels * shape.outputStride;
  }
  const stepOffsets = Int32Array.from({ length: k }, (_, step) => step);
  return { shape, rowTable, layout: { groupStride: 0, columnStride: k, stepOffsets } };
}

/** Enough items for threads to share: all panels in one where there are many row blocks, else a few each. */
function panelsPerItem(rowBlocks: number, columns: number, { panelColumns }: GemmDefaults): number {
  const panels = Math.ceil(columns / panelColumns);
  return Math.ceil(panels / Math.max(Math.ceil(16 / rowBlocks), 1));
}

/** The map that the window of a convolution slides over: as much as its taps reach. */
export const slidingMap = ({ batch, inChannels, axes }: ConvGeometry): PaddedMap => ({
  batch,
  channels: inChannels,
  axes: axes.map(axis => ({
    input: axis.input,
    before: axis.padBegin,
    size: (axis.output - 1) * axis.stride + kernelExtent(axis),
  })),
});

/** How it slides: every tap is at a fixed distance from the first. */
export const slidingWalks = ({ axes }: ConvGeometry): readonly WindowWalk[] =>
  axes.map(({ kernel, stride, dilation, output }) => ({
    count: output,
    input: { first: 0, step: stride },
    output: { first: 0, step: 1 },
    taps: { count: kernel, step: dilation },
  }));

function planConv(geometry: ConvGeometry, defaults: GemmDefaults): ConvPlan {
  const { inChannels, outChannels, groups } = geometry;
  const map = slidingMap(geometry);
  const product = planWindow({ geometry, defaults, map, axes: slidingWalks(geometry) });
  // Weights are stored `[outChannels, depth, ...taps]`; the reduction walks taps, then channels.
  const taps = kernelTaps(geometry);
  const depth = inChannels / groups;
  const stepOffsets = Int32Array.from(
    { length: taps * depth },
    (_, step) => (step % depth) * taps + Math.floor(step / depth),
  );
  const columnStride = taps * depth;
  const layout = { groupStride: (outChannels / groups) * columnStride, columnStride, stepOffsets };
  return { map, products: [{ ...product, layout }] };
}

/** Along one axis: `count` outputs, each `taps` inputs, all in even steps. */
export interface WindowWalk {
  readonly count: number;
  readonly input: { readonly first: number; readonly step: number };
  readonly output: { readonly first: number; readonly step: number };
  readonly taps: { readonly count: number; readonly step: number };
}

/** The product of a window that walks over `map` in even steps, and writes in even steps. */
export function planWindow({
  geometry,
  defaults,
  map,
  axes,
}: {
  geometry: ConvGeometry;
  defaults: GemmDefaults;
  map: PaddedMap;
  axes: readonly WindowWalk[];
}): Omit<GemmPlan, 'layout'> {
  const { batch, inChannels, outChannels, groups } = geometry;
  const from = mapStrides(addressedSizes(map), inChannels);
  const to = mapStrides(convOutput(geometry).sizes, outChannels);
  const outer = axes.slice(0, -1);
  const inner = axes.at(-1)!;

  const rowTable: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (const place of gridPlaces(outer.map(axis => axis.count))) {
      const at = [...place, 0];
      const offset = (side: 'input' | 'output', { axes: strides, map: whole }: typeof from): number =>
        axes.reduce(
          (sum, axis, i) => sum + (axis[side].first + at[i]! * axis[side].step) * strides[i]!,
          image * whole,
        );
      rowTable.push(offset('input', from), offset('output', to));
    }
  }
  const rows = rowTable.length / 2;
  const rowBytes = inner.count * inner.input.step * inChannels * floatBytes;
  const rowsPerBlock = Math.min(Math.max(Math.floor(windowBlockBytes / rowBytes), 1), rows);
  const shape: GemmShape = {
    ...defaults,
    reduction: [
      ...axes.map(({ taps }, i) => ({ count: taps.count, stride: taps.step * from.axes[i]! })),
      { count: inChannels / groups, stride: floatBytes },
    ],
    inputStride: inner.input.step * from.axes.at(-1)!,
    outputStride: inner.output.step * to.axes.at(-1)!,
    rows,
    rowPixels: inner.count,
    lastRowPixels: inner.count,
    columns: outChannels / groups,
    groups,
    groupInputStride: (inChannels / groups) * floatBytes,
    groupOutputStride: (outChannels / groups) * floatBytes,
    rowsPerBlock,
    panelsPerItem: panelsPerItem(Math.ceil(rows / rowsPerBlock) * groups, outChannels / groups, defaults),
  };
  return { shape, rowTable: Int32Array.from(rowTable) };
}
