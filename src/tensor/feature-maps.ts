import type { Shape } from '../model/shape.js';
import type { Picture } from './picture.js';
import { drawText, letterHeight } from './tiny-font.js';

/** One layer's output: `[batch, height, width, channels]`. */
export interface LayerMaps {
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** One channel as grey levels, 0 its smallest value and 255 its largest. */
export interface GreyMap {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Whether an output can be drawn: images with height and width. */
export const hasMaps = (shape: Shape): boolean => shape.length === 4 && shape[1]! > 1 && shape[2]! > 1;

/** The first `most` channels of the first image. */
export function greyMaps({ shape, values }: LayerMaps, most: number): readonly GreyMap[] {
  const [, height, width, channels] = shape as [number, number, number, number];
  return Array.from({ length: Math.min(channels, most) }, (_, channel) => {
    const map = Float32Array.from({ length: height * width }, (_, i) => values[i * channels + channel]!);
    const least = map.reduce((a, b) => Math.min(a, b));
    const span = map.reduce((a, b) => Math.max(a, b)) - least || 1;
    return { width, height, pixels: Uint8Array.from(map, value => ((value - least) / span) * 255) };
  });
}

/** A map of other sizes: each new pixel is the mean of what it covers, or the nearest one. */
export function resizeMap(map: GreyMap, width: number, height: number): GreyMap {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const rows = covered(y, height, map.height);
    for (let x = 0; x < width; x++) {
      const columns = covered(x, width, map.width);
      let sum = 0;
      for (const row of rows) for (const column of columns) sum += map.pixels[row * map.width + column]!;
      pixels[y * width + x] = sum / (rows.length * columns.length);
    }
  }
  return { width, height, pixels };
}

function covered(index: number, size: number, sourceSize: number): readonly number[] {
  const start = Math.floor((index * sourceSize) / size);
  const end = Math.max(Math.floor(((index + 1) * sourceSize) / size), start + 1);
  return Array.from({ length: end - start }, (_, i) => start + i);
}

const perRow = 8;
/** Two rows of maps a layer show enough of it. */
const mostMaps = 2 * perRow;
const cell = 72;
const gap = 4;
const titleHeight = letterHeight + 3;
const background = 32;
const ink = 208;

/**
 * A contact sheet: the layers below each other, each with its name and its first sixteen channels. Every map
 * has its own scale, from black for its smallest value to white for its largest.
 */
export function contactSheet(layers: readonly LayerMaps[]): Picture {
  const width = gap + perRow * (cell + gap);
  const blocks = layers.map(layer => {
    const maps = greyMaps(layer, mostMaps).map(map => fitInto(map, cell));
    const rowHeight = maps[0]!.height + gap;
    return {
      layer,
      maps,
      rowHeight,
      height: titleHeight + Math.ceil(maps.length / perRow) * rowHeight + gap,
    };
  });
  const height = gap + blocks.reduce((sum, block) => sum + block.height, 0);
  const pixels = new Uint8Array(width * height).fill(background);
  let top = gap;
  for (const { layer, maps, rowHeight, height: blockHeight } of blocks) {
    drawText(`${layer.name} ${layer.shape.slice(1).join('x')}`, (x, y) => {
      if (gap + x < width) pixels[(top + y) * width + gap + x] = ink;
    });
    maps.forEach((map, index) => {
      const left = gap + (index % perRow) * (cell + gap);
      const y0 = top + titleHeight + Math.floor(index / perRow) * rowHeight;
      for (let y = 0; y < map.height; y++) {
        pixels.set(map.pixels.subarray(y * map.width, (y + 1) * map.width), (y0 + y) * width + left);
      }
    });
    top += blockHeight;
  }
  return { width, height, channels: 1, pixels };
}

/** In its own proportions, the longer side `size`. */
function fitInto(map: GreyMap, size: number): GreyMap {
  const scale = size / Math.max(map.width, map.height);
  return resizeMap(
    map,
    Math.max(Math.round(map.width * scale), 1),
    Math.max(Math.round(map.height * scale), 1),
  );
}
