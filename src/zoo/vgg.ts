import { flatten } from './blocks.js';
import { children, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** Configuration D of arXiv 1409.1556: output channels of the 3x3 convolutions, stage by stage. */
const stages: readonly (readonly number[])[] = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

const features = stages.flatMap(stage => [
  ...stage.flatMap(channels => [`conv3x3 ${channels} p1 bias`, 'relu']),
  'maxpool2x2 s2',
]);

export const vgg16: ZooNetwork = {
  name: 'vgg-16',
  title: 'VGG-16',
  follows: 'arXiv 1409.1556, torchvision 0.14',
  resolution: 224,
  body: () =>
    children({
      features: sequential(...features),
      avgpool: 'adaptivepool size=7x7',
      flatten,
      classifier: sequential('fc 4096', 'relu', 'dropout', 'fc 4096', 'relu', 'dropout', 'fc 1000'),
    }),
};
