import { flatten } from './blocks.js';
import { children, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** The one-tower form of arXiv 1404.5997, which torchvision has; the network of 2012 has two towers. */
export const alexnet: ZooNetwork = {
  name: 'alexnet',
  title: 'AlexNet',
  follows: 'arXiv 1404.5997, torchvision 0.14',
  resolution: 224,
  body: () =>
    children({
      features: sequential(
        'conv11x11 64 s4 p2 bias',
        'relu',
        'maxpool3x3 s2',
        'conv5x5 192 p2 bias',
        'relu',
        'maxpool3x3 s2',
        'conv3x3 384 p1 bias',
        'relu',
        'conv3x3 256 p1 bias',
        'relu',
        'conv3x3 256 p1 bias',
        'relu',
        'maxpool3x3 s2',
      ),
      avgpool: 'adaptivepool size=6x6',
      flatten,
      classifier: sequential('dropout', 'fc 4096', 'relu', 'dropout', 'fc 4096', 'relu', 'fc 1000'),
    }),
};
