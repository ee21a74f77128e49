// Draws scene.png, the picture of this example: `npx tsx examples/feature-maps/draw-scene.ts > scene.png`.
import { encodePng } from '../../src/tensor/picture.js';

type Rgb = readonly [number, number, number];
const [width, height] = [160, 120];

const mix = (a: Rgb, b: Rgb, t: number): Rgb =>
  [0, 1, 2].map(c => a[c]! + (b[c]! - a[c]!) * t) as unknown as Rgb;
const inside = (x: number, y: number, left: number, top: number, w: number, h: number) =>
  x >= left && x < left + w && y >= top && y < top + h;

/** A little grain, the same every time. */
function grain(x: number, y: number): number {
  const hash = Math.sin(x * 127.1 + y * 311.7) * 43758.5453;
  return (hash - Math.floor(hash) - 0.5) * 10;
}

/** Sky with a sun, two ridges, a meadow with a house, a fence and a tree. */
function colorAt(x: number, y: number): Rgb {
  const farRidge = 58 + 9 * Math.sin(x / 17) + 5 * Math.sin(x / 7 + 1);
  const nearRidge = 74 + 7 * Math.sin(x / 23 + 2) + 2 * Math.sin(x / 5);
  if (Math.hypot(x - 124, y - 26) < 11) return [255, 236, 150];
  if (Math.hypot(x - 34, y - 66) < 13 || Math.hypot(x - 42, y - 74) < 10) return [38, 96, 44];
  if (inside(x, y, 35, 76, 4, 22)) return [92, 62, 40];
  if (y > 62 && y < 76 && Math.abs(x - 94) < (y - 62) * 1.7) return [150, 52, 44];
  if (inside(x, y, 88, 84, 7, 14)) return [84, 56, 40];
  if (inside(x, y, 100, 81, 8, 8))
    return (x - 100) % 4 === 3 || (y - 81) % 4 === 3 ? [230, 230, 220] : [90, 130, 170];
  if (inside(x, y, 76, 76, 37, 22)) return [222, 205, 172];
  if (y > 100 && y < 112 && (x % 9 < 2 || Math.abs(y - 104) < 1)) return [236, 232, 222];
  if (y > nearRidge) return mix([116, 164, 82], [60, 110, 48], (y - nearRidge) / (height - nearRidge));
  if (y > farRidge) return mix([120, 134, 168], [92, 112, 128], (y - farRidge) / 20);
  return mix([96, 156, 222], [214, 228, 240], y / 64);
}

const pixels = new Uint8Array(width * height * 3);
for (let y = 0; y < height; y++) {
  for (let x = 0; x < width; x++) {
    colorAt(x, y).forEach((value, c) => {
      pixels[(y * width + x) * 3 + c] = Math.min(Math.max(Math.round(value + grain(x, y)), 0), 255);
    });
  }
}
process.stdout.write(encodePng({ width, height, channels: 3, pixels }));
