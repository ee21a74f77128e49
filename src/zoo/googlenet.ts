import { basicConv, flatten } from './blocks.js';
import { children, join, type Module, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** A row of table 1: `#1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj`. */
type Inception = readonly [
  ones: number,
  threesReduce: number,
  threes: number,
  fivesReduce: number,
  fives: number,
  pool: number,
];

const inception = ([ones, threesReduce, threes, fivesReduce, fives, pool]: Inception): Module =>
  join(
    'concat',
    { branch1: basicConv(`pw ${ones}`) },
    { branch2: sequential(basicConv(`pw ${threesReduce}`), basicConv(`conv3x3 ${threes} p1`)) },
    { branch3: sequential(basicConv(`pw ${fivesReduce}`), basicConv(`conv5x5 ${fives} p2`)) },
    { branch4: sequential('maxpool3x3 s1 p1 ceil', basicConv(`pw ${pool}`)) },
  );

/** Figures of the paper (arXiv 1409.4842), batch norm as in torchvision, whose third branch has 3x3 where this has 5x5. */
export const googlenet: ZooNetwork = {
  name: 'googlenet',
  title: 'GoogLeNet',
  follows: 'arXiv 1409.4842 with batch norm; no auxiliary heads',
  resolution: 224,
  body: () =>
    children({
      conv1: basicConv('conv7x7 64 s2 p3'),
      maxpool1: 'maxpool3x3 s2 ceil',
      conv2: basicConv('pw 64'),
      conv3: basicConv('conv3x3 192 p1'),
      maxpool2: 'maxpool3x3 s2 ceil',
      inception3a: inception([64, 96, 128, 16, 32, 32]),
      inception3b: inception([128, 128, 192, 32, 96, 64]),
      maxpool3: 'maxpool3x3 s2 ceil',
      inception4a: inception([192, 96, 208, 16, 48, 64]),
      inception4b: inception([160, 112, 224, 24, 64, 64]),
      inception4c: inception([128, 128, 256, 24, 64, 64]),
      inception4d: inception([112, 144, 288, 32, 64, 64]),
      inception4e: inception([256, 160, 320, 32, 128, 128]),
      maxpool4: 'maxpool2x2 s2 ceil',
      inception5a: inception([256, 160, 320, 32, 128, 128]),
      inception5b: inception([384, 192, 384, 48, 128, 128]),
      avgpool: 'gap',
      flatten,
      dropout: 'dropout',
      fc: 'fc 1000',
    }),
};
