import { basicConv, flatten } from './blocks.js';
import { children, join, type Module, type Parts } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** Convolutions one after another, named `branch7x7_1`, `branch7x7_2` ... */
const path = (name: string, ...convs: readonly string[]): Parts =>
  Object.fromEntries(convs.map((conv, index) => [`${name}_${index + 1}`, basicConv(conv)]));

const averaged = (channels: number): Parts => ({
  avg_pool: 'avgpool3x3 s1 p1 form=function',
  branch_pool: basicConv(`pw ${channels}`),
});

const maxPooled: Parts = { max_pool: 'maxpool3x3 s2 form=function' };

/** 5x5 beside a pair of 3x3, at 35x35 (arXiv 1512.00567, figure 5). */
const inceptionA = (pooled: number): Module =>
  join(
    'concat',
    { branch1x1: basicConv('pw 64') },
    path('branch5x5', 'pw 48', 'conv5x5 64 p2'),
    path('branch3x3dbl', 'pw 64', 'conv3x3 96 p1', 'conv3x3 96 p1'),
    averaged(pooled),
  );

const inceptionB: Module = join(
  'concat',
  { branch3x3: basicConv('conv3x3 384 s2 p0') },
  path('branch3x3dbl', 'pw 64', 'conv3x3 96 p1', 'conv3x3 96 s2 p0'),
  maxPooled,
);

/** 7x7 in two steps, at 17x17 (figure 6). */
const inceptionC = (narrow: number): Module =>
  join(
    'concat',
    { branch1x1: basicConv('pw 192') },
    path('branch7x7', `pw ${narrow}`, `conv1x7 ${narrow} p0,3`, 'conv7x1 192 p3,0'),
    path(
      'branch7x7dbl',
      `pw ${narrow}`,
      `conv7x1 ${narrow} p3,0`,
      `conv1x7 ${narrow} p0,3`,
      `conv7x1 ${narrow} p3,0`,
      'conv1x7 192 p0,3',
    ),
    averaged(192),
  );

const inceptionD: Module = join(
  'concat',
  path('branch3x3', 'pw 192', 'conv3x3 320 s2 p0'),
  path('branch7x7x3', 'pw 192', 'conv1x7 192 p0,3', 'conv7x1 192 p3,0', 'conv3x3 192 s2 p0'),
  maxPooled,
);

/** 1x3 and 3x1 side by side. */
const spread = join('concat', { a: basicConv('conv1x3 384 p0,1') }, { b: basicConv('conv3x1 384 p1,0') });

/** At 8x8 (figure 7). */
const inceptionE: Module = join(
  'concat',
  { branch1x1: basicConv('pw 320') },
  { ...path('branch3x3', 'pw 384'), branch3x3_2: spread },
  { ...path('branch3x3dbl', 'pw 448', 'conv3x3 384 p1'), branch3x3dbl_3: spread },
  averaged(192),
);

export const inceptionV3: ZooNetwork = {
  name: 'inception-v3',
  title: 'Inception v3',
  follows: 'arXiv 1512.00567, torchvision 0.14; no auxiliary head',
  resolution: 299,
  body: () =>
    children({
      Conv2d_1a_3x3: basicConv('conv3x3 32 s2 p0'),
      Conv2d_2a_3x3: basicConv('conv3x3 32 p0'),
      Conv2d_2b_3x3: basicConv('conv3x3 64 p1'),
      maxpool1: 'maxpool3x3 s2',
      Conv2d_3b_1x1: basicConv('pw 80'),
      Conv2d_4a_3x3: basicConv('conv3x3 192 p0'),
      maxpool2: 'maxpool3x3 s2',
      Mixed_5b: inceptionA(32),
      Mixed_5c: inceptionA(64),
      Mixed_5d: inceptionA(64),
      Mixed_6a: inceptionB,
      Mixed_6b: inceptionC(128),
      Mixed_6c: inceptionC(160),
      Mixed_6d: inceptionC(160),
      Mixed_6e: inceptionC(192),
      Mixed_7a: inceptionD,
      Mixed_7b: inceptionE,
      Mixed_7c: inceptionE,
      avgpool: 'gap',
      dropout: 'dropout',
      flatten,
      fc: 'fc 1000',
    }),
};
