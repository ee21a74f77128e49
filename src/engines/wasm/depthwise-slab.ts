import type { ConvGeometry } from '../../model/conv.js';
import { kernelExtent } from '../../model/window.js';
import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { f32x4, i32 } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import type { Clamp } from './clamp.js';
import { bandRows, type DepthwiseBlock, fittingBlock, possibleBlock } from './depthwise-rows.js';
import { BandEmitter, type DepthwiseBand, depthwiseVectorBytes } from './depthwise-tile.js';
import { stageParameters } from './runtime.js';

const slabChannels = 16;
const slabPixelBytes = slabChannels * floatBytes;

/** A slab should leave room for weights and output in a first level cache of 32 KB. */
const largestSlabBytes = 24_000;

/**
 * A depthwise convolution of one slice of 16 channels at a time: the padded plane of the slice, one cache
 * line a pixel, is copied into a slab, and bands read the slab. Where pixels are a large power of two apart,
 * the rows and columns of a window all fall into the same few sets of the cache and push each other out; in
 * the slab they are neighbours.
 */
export interface SlabPlan {
  readonly band: DepthwiseBand;
  readonly image: { readonly height: number; readonly width: number; readonly channels: number };
  readonly pad: { readonly top: number; readonly left: number };
  readonly slab: { readonly height: number; readonly width: number };
  readonly stride: number;
  readonly outputHeight: number;
  readonly batch: number;
}

export const slabBytes = ({ slab }: SlabPlan): number => slab.height * slab.width * slabPixelBytes;

export const slabItems = ({ batch, image }: SlabPlan): number => (batch * image.channels) / slabChannels;

/** The plan, where slabs pay: planes that fit, of channels that collide in every block. */
export function planSlab(
  geometry: ConvGeometry,
  blocks: readonly DepthwiseBlock[],
  clamp: Clamp,
): SlabPlan | undefined {
  const { axes, batch, outChannels: channels } = geometry;
  const [rows, columns] = axes;
  if (axes.length !== 2 || channels % slabChannels !== 0) return undefined;
  if (fittingBlock(geometry, blocks)) return undefined;
  if (rows!.dilation * columns!.dilation !== 1) return undefined;
  const needed = [rows!, columns!].map(axis => (axis.output - 1) * axis.stride + kernelExtent(axis));
  const slab = { height: needed[0]!, width: needed[1]! };
  if (slab.height * slab.width * slabPixelBytes > largestSlabBytes) return undefined;
  const outputPixelBytes = channels * floatBytes;
  const block = possibleBlock(geometry, blocks[0]!);
  return {
    band: {
      ...block,
      inputRows: bandRows(geometry, block.outputRows),
      taps: rows!.kernel * columns!.kernel,
      columns: columns!,
      inputWidth: slab.width,
      padBegin: 0,
      outputWidth: columns!.output,
      channels: slabChannels,
      inputPixelBytes: slabPixelBytes,
      outputPixelBytes,
      outputRowBytes: columns!.output * outputPixelBytes,
      clamp,
    },
    image: { height: rows!.input, width: columns!.input, channels },
    pad: { top: rows!.padBegin, left: columns!.padBegin },
    slab,
    stride: rows!.stride,
    outputHeight: rows!.output,
    batch,
  };
}

/**
 * Emits the stage `(begin, end, worker, input, weights, output, slabs)`; an item is a slice of an image.
 * `slabs` holds one slab for each worker, zero at first: the padding of a slab is never written.
 */
export function emitDepthwiseSlab(module: ModuleBuilder, name: string, plan: SlabPlan): FunctionBuilder {
  const { band, image, pad, slab, stride, outputHeight } = plan;
  const slices = image.channels / slabChannels;
  const pixelBytes = image.channels * floatBytes;
  const slabRowBytes = slab.width * slabPixelBytes;
  const copied = {
    height: Math.min(image.height, slab.height - pad.top),
    width: Math.min(image.width, slab.width - pad.left),
  };

  const parameters = [...stageParameters, 'input', 'weights', 'output', 'slabs'] as const;
  return module.define(name, parameters, (f, { begin, end, worker, input, weights, output, slabs }) => {
    const item = f.int();
    const slice = f.int();
    const ownSlab = f.int(i32.add(slabs, i32.multiply(worker, slabBytes(plan))));
    const source = f.int();
    const target = f.int();
    const targetEnd = f.int();
    const sliceWeights = f.int();
    const bandOutput = f.int();
    const rows = band.inputRows.map(() => f.int());
    const value = f.vector();
    const emitter = new BandEmitter(f, band);

    const copySlice = (): void => {
      f.set(target, i32.add(ownSlab, (pad.top * slab.width + pad.left) * slabPixelBytes));
      f.repeat(copied.height, () => {
        f.set(targetEnd, i32.add(target, copied.width * slabPixelBytes));
        f.until(target, slabPixelBytes, targetEnd, () => {
          for (let offset = 0; offset < slabPixelBytes; offset += 16) {
            f.set(value, f32x4.load(source, offset));
            f.store(target, offset, value);
          }
          f.advance(source, pixelBytes);
        });
        f.advance(source, (image.width - copied.width) * pixelBytes);
        f.advance(target, slabRowBytes - copied.width * slabPixelBytes);
      });
    };

    f.range(item, begin, end, () => {
      const imageIndex = i32.divide(item, slices);
      f.set(slice, i32.remainder(item, slices));
      const sliceBytes = i32.multiply(slice, slabPixelBytes);
      f.set(source, i32.add(input, i32.multiply(imageIndex, image.height * image.width * pixelBytes)));
      f.advance(source, sliceBytes);
      if (copied.height > 0 && copied.width > 0) copySlice();

      f.set(bandOutput, i32.add(output, i32.multiply(imageIndex, outputHeight * band.outputRowBytes)));
      f.advance(bandOutput, sliceBytes);
      const vectorsBytes = (slabChannels / 4) * depthwiseVectorBytes(band.taps);
      f.set(sliceWeights, i32.add(weights, i32.multiply(slice, vectorsBytes)));
      for (const [at, row] of rows.entries()) f.set(row, i32.add(ownSlab, at * slabRowBytes));
      f.repeat(outputHeight / band.outputRows, () => {
        emitter.emit(rows, sliceWeights, bandOutput);
        for (const row of rows) f.advance(row, band.outputRows * stride * slabRowBytes);
        f.advance(bandOutput, band.outputRows * band.outputRowBytes);
      });
    });
  });
}
