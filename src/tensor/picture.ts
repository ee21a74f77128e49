import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { ConvcostError } from '../errors.js';

/** Rows of pixels, top first; `channels` values of 0 to 255 each. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** More pixels than a large camera takes: a file that states more is refused before memory is asked for. */
const mostPixels = 100_000_000;

const decoders = [
  { name: 'PNG', begins: [0x89, 0x50, 0x4e, 0x47], decode: decodePng },
  { name: 'JPEG', begins: [0xff, 0xd8, 0xff], decode: decodeJpeg },
] as const;

/**
 * A PNG or JPEG file as RGB; transparency is laid on white.
 *
 * @throws ConvcostError `bad-picture`
 */
export function decodePicture(bytes: Uint8Array, path: string): Picture {
  const decoder = decoders.find(({ begins }) => begins.every((byte, i) => bytes[i] === byte));
  if (!decoder)
    throw new ConvcostError('bad-picture', { path, reason: 'it is neither a PNG nor a JPEG file' });
  try {
    const { width, height, data } = decoder.decode(bytes);
    return { width, height, channels: 3, pixels: rgbOnWhite(data, width * height) };
  } catch (error) {
    const reason = `the ${decoder.name} data is broken (${error instanceof Error ? error.message.replace(/\.$/, '') : error})`;
    throw new ConvcostError('bad-picture', { path, reason });
  }
}

interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function decodePng(bytes: Uint8Array): Rgba {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Width and height stand at the same place of every PNG: in the first chunk, behind its length and name.
  if (bytes.length < 24) throw new Error('the file is cut off in its header');
  if (header.getUint32(16) * header.getUint32(20) > mostPixels) throw new Error('it states too many pixels');
  return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function decodeJpeg(bytes: Uint8Array): Rgba {
  return jpeg.decode(bytes, {
    useTArray: true,
    maxResolutionInMP: mostPixels / 1e6,
    maxMemoryUsageInMB: 512,
  });
}

function rgbOnWhite(rgba: Uint8Array, count: number): Uint8Array {
  const pixels = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const alpha = rgba[i * 4 + 3]! / 255;
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = Math.round(rgba[i * 4 + c]! * alpha + 255 * (1 - alpha));
  }
  return pixels;
}

/** A picture as a PNG file. */
export function encodePng({ width, height, channels, pixels }: Picture): Uint8Array {
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) png.data[i * 4 + c] = pixels[i * channels + (channels === 3 ? c : 0)]!;
    png.data[i * 4 + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: channels === 1 ? 0 : 2 });
}
