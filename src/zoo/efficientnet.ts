import { convNorm, flatten, present, squeezeExcite } from './blocks.js';
import { children, join, type Module, sequential } from './modules.js';
import type { ZooNetwork } from './zoo-network.js';

/** A stage of MBConv blocks (arXiv 1905.11946, table 1). */
type Stage = readonly [
  expansion: number,
  kernel: 3 | 5,
  stride: 1 | 2,
  input: number,
  output: number,
  n: number,
];

const stages: readonly Stage[] = [
  [1, 3, 1, 32, 16, 1],
  [6, 3, 2, 16, 24, 2],
  [6, 5, 2, 24, 40, 2],
  [6, 3, 2, 40, 80, 3],
  [6, 5, 1, 80, 112, 3],
  [6, 5, 2, 112, 192, 4],
  [6, 3, 1, 192, 320, 1],
];

/** The squeeze goes by the block's input, not by its expanded channels as in MobileNetV3. */
function mbConv(expansion: number, kernel: number, stride: number, input: number, output: number): Module {
  const expanded = input * expansion;
  const block = sequential(
    ...present(
      expansion !== 1 && convNorm(`pw ${expanded}`, 'silu'),
      convNorm(`dw${kernel}x${kernel} s${stride} p${(kernel - 1) / 2}`, 'silu'),
      squeezeExcite({
        channels: expanded,
        squeezed: Math.floor(input / 4),
        activation: 'silu',
        gate: 'sigmoid',
      }),
      convNorm(`pw ${output}`),
    ),
  );
  return stride === 1 && input === output
    ? join('add', { block, stochastic_depth: 'dropout' }, {})
    : children({ block });
}

const stage = ([expansion, kernel, stride, input, output, n]: Stage): Module =>
  sequential(
    ...Array.from({ length: n }, (_, turn) =>
      turn === 0
        ? mbConv(expansion, kernel, stride, input, output)
        : mbConv(expansion, kernel, 1, output, output),
    ),
  );

export const efficientnetB0: ZooNetwork = {
  name: 'efficientnet-b0',
  title: 'EfficientNet-B0',
  follows: 'arXiv 1905.11946, torchvision 0.14',
  resolution: 224,
  body: () =>
    children({
      features: sequential(
        convNorm('conv3x3 32 s2 p1', 'silu'),
        ...stages.map(stage),
        convNorm('pw 1280', 'silu'),
      ),
      avgpool: 'gap',
      flatten,
      classifier: sequential('dropout', 'fc 1000'),
    }),
};
