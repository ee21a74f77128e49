import { convNorm, flatten } from './blocks.js';
import { children, inOrder, join, type Module, type Parts, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

interface BlockPlace {
  /** Channels inside the block. */
  readonly width: number;
  readonly stride: 1 | 2;
  /** Whether the shortcut must change the shape: torchvision's `downsample`. */
  readonly reshapes: boolean;
}

type ResidualBlock = { readonly growth: number; readonly module: (place: BlockPlace) => Module };

/** Two 3x3 convolutions (arXiv 1512.03385, figure 5 left). */
const basic: ResidualBlock = {
  growth: 1,
  module: place =>
    residual(place, place.width, {
      conv1: `conv3x3 ${place.width} s${place.stride} p1`,
      bn1: 'bn',
      relu1: 'relu',
      conv2: `conv3x3 ${place.width} p1`,
      bn2: 'bn',
    }),
};

/** 1x1, 3x3, 1x1 (figure 5 right); the stride sits on the 3x3, as torchvision has it. */
const bottleneck: ResidualBlock = {
  growth: 4,
  module: place =>
    residual(place, 4 * place.width, {
      conv1: `pw ${place.width}`,
      bn1: 'bn',
      relu1: 'relu',
      conv2: `conv3x3 ${place.width} s${place.stride} p1`,
      bn2: 'bn',
      relu2: 'relu',
      conv3: `pw ${4 * place.width}`,
      bn3: 'bn',
    }),
};

function residual({ stride, reshapes }: BlockPlace, channels: number, main: Parts): Module {
  const shortcut: Parts = reshapes ? { downsample: convNorm(`pw ${channels} s${stride}`) } : {};
  return inOrder(join('add', main, shortcut), children({ relu: 'relu' }));
}

function stage({ growth, module }: ResidualBlock, width: number, repeat: number, stride: 1 | 2): Module {
  const reshapes = stride === 2 || growth > 1;
  return sequential(
    ...Array.from({ length: repeat }, (_, turn) =>
      module(turn === 0 ? { width, stride, reshapes } : { width, stride: 1, reshapes: false }),
    ),
  );
}

type Repeats = readonly [number, number, number, number];

const resnet = (depth: number, block: ResidualBlock, repeats: Repeats): ZooNetwork => ({
  name: `resnet-${depth}`,
  title: `ResNet-${depth}`,
  follows: 'arXiv 1512.03385, torchvision 0.14',
  resolution: 224,
  body: () =>
    children({
      conv1: 'conv7x7 64 s2 p3',
      bn1: 'bn',
      relu: 'relu',
      maxpool: 'maxpool3x3 s2 p1',
      layer1: stage(block, 64, repeats[0], 1),
      layer2: stage(block, 128, repeats[1], 2),
      layer3: stage(block, 256, repeats[2], 2),
      layer4: stage(block, 512, repeats[3], 2),
      avgpool: 'gap',
      flatten,
      fc: 'fc 1000',
    }),
});

export const resnet18 = resnet(18, basic, [2, 2, 2, 2]);
export const resnet50 = resnet(50, bottleneck, [3, 4, 6, 3]);
