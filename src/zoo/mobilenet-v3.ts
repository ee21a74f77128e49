import { roundToMultipleOf8Within10Percent as rounded } from '../spec/channel-rounding.js';
import { type ActivationToken, convNorm, flatten, present, residualIf, squeezeExcite } from './blocks.js';
import { children, type Module, sequential } from './modules.js';
import type { ZooNetwork, ZooParameters } from './zoo-network.js';

/** A row of the paper's tables 1 and 2 (arXiv 1905.02244). */
type Row = readonly [
  kernel: 3 | 5,
  expanded: number,
  channels: number,
  squeezes: 'se' | '',
  activation: ActivationToken,
  stride: 1 | 2,
];

const small: readonly Row[] = [
  [3, 16, 16, 'se', 'relu', 2],
  [3, 72, 24, '', 'relu', 2],
  [3, 88, 24, '', 'relu', 1],
  [5, 96, 40, 'se', 'hardswish', 2],
  [5, 240, 40, 'se', 'hardswish', 1],
  [5, 240, 40, 'se', 'hardswish', 1],
  [5, 120, 48, 'se', 'hardswish', 1],
  [5, 144, 48, 'se', 'hardswish', 1],
  [5, 288, 96, 'se', 'hardswish', 2],
  [5, 576, 96, 'se', 'hardswish', 1],
  [5, 576, 96, 'se', 'hardswish', 1],
];

const large: readonly Row[] = [
  [3, 16, 16, '', 'relu', 1],
  [3, 64, 24, '', 'relu', 2],
  [3, 72, 24, '', 'relu', 1],
  [5, 72, 40, 'se', 'relu', 2],
  [5, 120, 40, 'se', 'relu', 1],
  [5, 120, 40, 'se', 'relu', 1],
  [3, 240, 80, '', 'hardswish', 2],
  [3, 200, 80, '', 'hardswish', 1],
  [3, 184, 80, '', 'hardswish', 1],
  [3, 184, 80, '', 'hardswish', 1],
  [3, 480, 112, 'se', 'hardswish', 1],
  [3, 672, 112, 'se', 'hardswish', 1],
  [5, 672, 160, 'se', 'hardswish', 2],
  [5, 960, 160, 'se', 'hardswish', 1],
  [5, 960, 160, 'se', 'hardswish', 1],
];

const norm = 'bn eps=0.001';

function block(input: number, [kernel, , , squeezes, activation, stride]: Row, sizes: BlockSizes): Module {
  const { expanded, output } = sizes;
  return residualIf(stride === 1 && input === output, {
    block: sequential(
      ...present(
        expanded !== input && convNorm(`pw ${expanded}`, activation, norm),
        convNorm(`dw${kernel}x${kernel} s${stride} p${(kernel - 1) / 2}`, activation, norm),
        squeezes === 'se' &&
          squeezeExcite({
            channels: expanded,
            squeezed: rounded(Math.floor(expanded / 4)),
            activation: 'relu',
            gate: 'hardSigmoid',
          }),
        convNorm(`pw ${output}`, undefined, norm),
      ),
    ),
  });
}

interface BlockSizes {
  readonly expanded: number;
  readonly output: number;
}

const body =
  (rows: readonly Row[], hidden: number) =>
  ({ width }: ZooParameters): Module => {
    const scaled = (channels: number) => rounded(channels * width);
    let channels = scaled(16);
    const stem = convNorm(`conv3x3 ${channels} s2 p1`, 'hardswish', norm);
    const blocks = rows.map(row => {
      const input = channels;
      channels = scaled(row[2]);
      return block(input, row, { expanded: scaled(row[1]), output: channels });
    });
    return children({
      features: sequential(stem, ...blocks, convNorm(`pw ${6 * channels}`, 'hardswish', norm)),
      avgpool: 'gap',
      flatten,
      classifier: sequential(`fc ${scaled(hidden)}`, 'hardswish', 'dropout', 'fc 1000'),
    });
  };

const shared = { follows: 'arXiv 1905.02244, torchvision 0.14', resolution: 224, hasWidth: true } as const;

export const mobilenetV3Small: ZooNetwork = {
  ...shared,
  name: 'mobilenet-v3-small',
  title: 'MobileNetV3 Small',
  body: body(small, 1024),
};

export const mobilenetV3Large: ZooNetwork = {
  ...shared,
  name: 'mobilenet-v3-large',
  title: 'MobileNetV3 Large',
  body: body(large, 1280),
};
