import type { Network } from '../model/network.js';
import { bottleneck } from './bottleneck.js';
import type { LayerChoice } from './choice.js';
import { grouped } from './grouped.js';
import { invertedResidual } from './inverted-residual.js';
import { resolution } from './resolution.js';
import { separable } from './separable.js';
import { spatial } from './spatial.js';
import { standard } from './standard.js';
import { width } from './width.js';

/** A way to write a network otherwise. */
export interface Rewrite {
  readonly says: string;
  /** The number behind its name, `grouped:4`; absent where it takes none. */
  readonly value?: RewriteValue;
  /** Whether it changes sizes everywhere, so that no layers can be chosen. */
  readonly ofWhole?: boolean;
  apply(network: Network, value: number, choice: LayerChoice): Network;
}

export interface RewriteValue {
  readonly wanted: string;
  /** What is taken where no number is written; absent: one must be. */
  readonly usual?: number;
  readonly accepts: (value: number) => boolean;
}

const whole = (least: number, wanted: string, usual?: number): RewriteValue => ({
  wanted: `a whole number from ${least}, ${wanted}`,
  accepts: value => Number.isSafeInteger(value) && value >= least && value <= 65_536,
  ...(usual !== undefined && { usual }),
});

/** Every rewrite, by name; `--rewrite` and its help follow. To add one, write its file and add its line here. */
export const rewrites = {
  separable: {
    says: 'depthwise, then pointwise; separable:2 with a depth multiplier of 2',
    value: whole(1, 'the depth multiplier', 1),
    apply: (network, multiplier, choice) => separable(network, { ...choice, multiplier }),
  },
  standard: {
    says: 'one standard convolution for each such pair',
    apply: (network, _, choice) => standard(network, choice),
  },
  spatial: {
    says: 'kx1, then 1xk',
    apply: (network, _, choice) => spatial(network, choice),
  },
  grouped: {
    says: 'in 4 groups: grouped:4',
    value: whole(1, 'the number of groups'),
    apply: grouped,
  },
  bottleneck: {
    says: '1x1 to a 4th of the channels, the kernel, 1x1 back: bottleneck:4',
    value: whole(1, 'by which the channels are divided', 4),
    apply: bottleneck,
  },
  ir: {
    says: 'inverted residual, expanded 6 times: ir:6',
    value: whole(1, 'the expansion', 6),
    apply: invertedResidual,
  },
  width: {
    says: 'half of the channels: width:0.5',
    value: {
      wanted: 'a number above 0 and at most 100, such as 0.5',
      accepts: value => value > 0 && value <= 100,
    },
    apply: width,
  },
  resolution: {
    says: 'inputs of 160 pixels: resolution:160; or by a factor: resolution:0.5',
    value: {
      wanted: 'a number of pixels, or a factor above 0 and at most 1',
      accepts: value => (value > 0 && value <= 1) || (Number.isSafeInteger(value) && value <= 65_536),
    },
    ofWhole: true,
    apply: resolution,
  },
} as const satisfies Record<string, Rewrite>;

export type RewriteName = keyof typeof rewrites;
