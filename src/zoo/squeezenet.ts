import { flatten } from './blocks.js';
import { children, inOrder, join, type Module, type Part, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** Squeeze to few channels, expand by 1x1 and 3x3 side by side (arXiv 1602.07360, figure 1). */
const fire = (squeezed: number, expanded: number): Module =>
  inOrder(
    children({ squeeze: `pw ${squeezed} bias`, squeeze_activation: 'relu' }),
    join(
      'concat',
      { expand1x1: `pw ${expanded} bias`, expand1x1_activation: 'relu' },
      { expand3x3: `conv3x3 ${expanded} p1 bias`, expand3x3_activation: 'relu' },
    ),
  );

const pool = 'maxpool3x3 s2 ceil';

const squeezenet = (version: string, follows: string, features: readonly Part[]): ZooNetwork => ({
  name: `squeezenet-${version}`,
  title: `SqueezeNet ${version}`,
  follows: `${follows}, torchvision 0.14`,
  resolution: 224,
  body: () =>
    children({
      features: sequential(...features),
      classifier: sequential('dropout', 'pw 1000 bias', 'relu', 'gap'),
      flatten,
    }),
});

export const squeezenet10 = squeezenet('1.0', 'arXiv 1602.07360', [
  'conv7x7 96 s2 p0 bias',
  'relu',
  pool,
  fire(16, 64),
  fire(16, 64),
  fire(32, 128),
  pool,
  fire(32, 128),
  fire(48, 192),
  fire(48, 192),
  fire(64, 256),
  pool,
  fire(64, 256),
]);

/** Pools earlier and begins smaller: the authors' later release. */
export const squeezenet11 = squeezenet('1.1', "the authors' release 1.1", [
  'conv3x3 64 s2 p0 bias',
  'relu',
  pool,
  fire(16, 64),
  fire(16, 64),
  pool,
  fire(32, 128),
  fire(32, 128),
  pool,
  fire(48, 192),
  fire(48, 192),
  fire(64, 256),
  fire(64, 256),
]);
