import { convNorm } from './blocks.js';
import { children, inOrder, join, type Module, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** Pointwise, depthwise, pointwise: the branch that every unit has. */
const branch = (channels: number, stride: 1 | 2): Module =>
  sequential(`pw ${channels}`, 'bn', 'relu', `dw3x3 s${stride} p1`, 'bn', `pw ${channels}`, 'bn', 'relu');

const shuffle = children({ shuffle: 'shuffle g2 form=function' });

/** Halves the maps: both branches read all channels (arXiv 1807.11164, figure 3 d). */
const downUnit = (half: number): Module =>
  inOrder(
    join(
      'concat',
      { branch1: sequential('dw3x3 s2 p1', 'bn', `pw ${half}`, 'bn', 'relu') },
      { branch2: branch(half, 2) },
    ),
    shuffle,
  );

/** Half of the channels pass unchanged (figure 3 c). */
const unit = (half: number): Module =>
  inOrder(
    join(
      'concat',
      { chunk1: `slice start=0 end=${half} form=function` },
      { chunk2: `slice start=${half} end=${2 * half} form=function`, branch2: branch(half, 1) },
    ),
    shuffle,
  );

const stage = (channels: number, repeat: number): Module =>
  sequential(downUnit(channels / 2), ...Array.from({ length: repeat - 1 }, () => unit(channels / 2)));

export const shufflenetV2: ZooNetwork = {
  name: 'shufflenet-v2-1.0',
  title: 'ShuffleNetV2 1.0',
  follows: 'arXiv 1807.11164, torchvision 0.14',
  resolution: 224,
  body: () =>
    children({
      conv1: convNorm('conv3x3 24 s2 p1', 'relu'),
      maxpool: 'maxpool3x3 s2 p1',
      stage2: stage(116, 4),
      stage3: stage(232, 8),
      stage4: stage(464, 4),
      conv5: convNorm('pw 1024', 'relu'),
      mean: 'gap form=method',
      fc: 'fc 1000',
    }),
};
