import { roundToMultipleOf8Within10Percent as rounded } from '../spec/channel-rounding.js';
import { convNorm, flatten, present, residualIf } from './blocks.js';
import { children, type Module, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** Expansion, output channels, repetitions, stride of the first (arXiv 1801.04381, table 2). */
const stages: readonly (readonly [t: number, c: number, n: number, s: 1 | 2])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

const invertedResidual = (input: number, expansion: number, output: number, stride: number): Module =>
  residualIf(stride === 1 && input === output, {
    conv: sequential(
      ...present(
        expansion !== 1 && convNorm(`pw ${input * expansion}`, 'relu6'),
        convNorm(`dw3x3 s${stride} p1`, 'relu6'),
        `pw ${output}`,
        'bn',
      ),
    ),
  });

export const mobilenetV2: ZooNetwork = {
  name: 'mobilenet-v2',
  title: 'MobileNetV2',
  follows: 'arXiv 1801.04381, torchvision 0.14',
  resolution: 224,
  hasWidth: true,
  body: ({ width }) => {
    let channels = rounded(32 * width);
    const stem = convNorm(`conv3x3 ${channels} s2 p1`, 'relu6');
    const blocks = stages.flatMap(([expansion, published, repeat, stride]) =>
      Array.from({ length: repeat }, (_, turn) => {
        const output = rounded(published * width);
        const block = invertedResidual(channels, expansion, output, turn === 0 ? stride : 1);
        channels = output;
        return block;
      }),
    );
    const last = rounded(1280 * Math.max(1, width));
    return children({
      features: sequential(stem, ...blocks, convNorm(`pw ${last}`, 'relu6')),
      avgpool: 'gap form=function',
      flatten,
      classifier: sequential('dropout', 'fc 1000'),
    });
  },
};
