import { ConvcostError } from '../errors.js';
import type { FeatureMap } from '../model/layout.js';
import type { Picture } from './picture.js';

/** How pixel values become a network's input. */
export interface Scaling {
  readonly says: string;
  /** `value` is 0 to 1, `channel` of red, green, blue (or grey, 0). */
  readonly apply: (value: number, channel: number) => number;
}

const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

export const scalings = {
  /** What torchvision's ImageNet networks were trained with. */
  imagenet: {
    says: "normalised by ImageNet's mean and deviation",
    apply: (value, channel) => (value - mean[channel]!) / deviation[channel]!,
  },
  unit: { says: 'scaled to 0..1', apply: value => value },
} as const satisfies Record<string, Scaling>;

export interface Preprocessed {
  /** Channels-last, one image repeated over the batch. */
  readonly values: Float32Array;
  /** What was done, in a sentence for the header. */
  readonly says: string;
}

/**
 * A picture as the input of a network: the middle is cut out in the input's proportions, resized (bilinear,
 * pixel centres aligned) and scaled. Three channels are RGB, one is grey (ITU-R BT.601).
 *
 * @throws ConvcostError `picture-channels` where the input has neither
 */
export function preprocess(picture: Picture, input: FeatureMap, scaling: Scaling): Preprocessed {
  const { batch, channels, sizes } = input;
  const [height, width] = sizes;
  if (sizes.length !== 2 || (channels !== 1 && channels !== 3)) {
    throw new ConvcostError('picture-channels', { channels, axes: sizes.length });
  }
  const scale = Math.min(picture.width / width!, picture.height / height!);
  const [left, top] = [(picture.width - width! * scale) / 2, (picture.height - height! * scale) / 2];
  const image = new Float32Array(height! * width! * channels);
  for (let y = 0; y < height!; y++) {
    for (let x = 0; x < width!; x++) {
      const rgb = sample(picture, left + (x + 0.5) * scale - 0.5, top + (y + 0.5) * scale - 0.5);
      const pixel = channels === 3 ? rgb : [0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]];
      pixel.forEach((value, c) => {
        image[(y * width! + x) * channels + c] = scaling.apply(value / 255, c);
      });
    }
  }
  const values = new Float32Array(image.length * batch);
  for (let b = 0; b < batch; b++) values.set(image, b * image.length);
  const cut = Math.abs(left) > 0.5 || Math.abs(top) > 0.5 ? 'middle cut out, ' : '';
  const color = channels === 3 ? 'RGB' : 'grey';
  return {
    values,
    says: `${picture.width}x${picture.height} picture, ${cut}resized to ${width}x${height} ${color}, ${scaling.says}`,
  };
}

type Rgb = readonly [number, number, number];

/** The colour at a point between pixel centres. */
function sample({ width, height, channels, pixels }: Picture, x: number, y: number): Rgb {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const at = (column: number, row: number, c: number): number => {
    const inside = Math.min(Math.max(row, 0), height - 1) * width + Math.min(Math.max(column, 0), width - 1);
    return pixels[inside * channels + (channels === 3 ? c : 0)]!;
  };
  const channel = (c: number): number =>
    (at(x0, y0, c) * (1 - fx) + at(x0 + 1, y0, c) * fx) * (1 - fy) +
    (at(x0, y0 + 1, c) * (1 - fx) + at(x0 + 1, y0 + 1, c) * fx) * fy;
  return [channel(0), channel(1), channel(2)];
}
