import { scaleRoundingDownToAtLeast8 } from '../spec/channel-rounding.js';
import { children, type Module, type Part, type Parts } from './modules.js';
import type { ZooNetwork, ZooParameters } from './zoo-network.js';

/** Output channels and stride of the thirteen pairs (arXiv 1704.04861, table 1; its last s2 is an s1). */
const pairs: readonly (readonly [channels: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

type Pair = (channels: number, stride: 1 | 2) => Part;

/** Batch norm is folded into the convolutions, whose biases the paper does not count. */
const separable: Pair = (channels, stride) =>
  children({ dw: `dw3x3 s${stride}`, 'dw.relu': 'relu', pw: `pw ${channels}`, 'pw.relu': 'relu' });

const standard: Pair = (channels, stride) =>
  children({ conv: `conv3x3 ${channels} s${stride}`, relu: 'relu' });

const body =
  (pair: Pair, chosen = pairs) =>
  ({ width }: ZooParameters): Module => {
    const scaled = (channels: number) => scaleRoundingDownToAtLeast8(channels, width);
    const blocks: Parts = Object.fromEntries(
      chosen.map(([channels, stride], index) => [`block${index + 1}`, pair(scaled(channels), stride)]),
    );
    return children({
      stem: children({ conv: `conv3x3 ${scaled(32)} s2`, relu: 'relu' }),
      ...blocks,
      avgpool: 'gap',
      fc: 'fc 1000',
      softmax: 'softmax',
    });
  };

const follows = 'arXiv 1704.04861';

export const mobilenetV1: ZooNetwork = {
  name: 'mobilenet-v1',
  title: 'MobileNet v1',
  follows,
  resolution: 224,
  hasWidth: true,
  body: body(separable),
};

/** A standard 3x3 convolution in place of every pair (table 4). */
export const mobilenetV1Standard: ZooNetwork = {
  ...mobilenetV1,
  name: 'mobilenet-v1-standard',
  title: 'MobileNet v1, standard convolutions',
  body: body(standard),
};

/** Without the five pairs 14x14x512 -> 512 (table 5). */
export const mobilenetV1Shallow: ZooNetwork = {
  ...mobilenetV1,
  name: 'mobilenet-v1-shallow',
  title: 'MobileNet v1, shallow',
  body: body(
    separable,
    pairs.filter(([channels, stride]) => channels !== 512 || stride === 2),
  ),
};
