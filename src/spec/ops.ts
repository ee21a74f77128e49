import { type ActivationName, activations } from '../model/activation.js';
import type { LayerSpec } from './layer-spec.js';

/** What may be written of a layer, apart from what every layer may have (name, from, in, repeat, form). */
export type Field =
  | Exclude<keyof LayerSpec, 'op' | 'name' | 'from' | 'in' | 'repeat' | 'form' | 'place' | 'places'>
  | 'alpha'
  | 'beta'
  | 'min'
  | 'max';

interface OpRule {
  readonly fields: readonly Field[];
  /** What has no default. */
  readonly needs?: readonly Field[];
  readonly says: string;
  /** Whether it may read several layers. */
  readonly readsSeveral?: true;
}

const window = ['kernel', 'stride', 'padding', 'dilation'] as const;
const stored = ['bias', 'activation', 'weights', 'biasValues'] as const;

/** Every layer kind of tokens and spec files: what may be written with it. Help and schema follow. */
const layerOps = {
  conv: { fields: [...window, 'out', 'groups', ...stored], needs: ['kernel', 'out'], says: 'convolution' },
  dw: {
    fields: [...window, 'out', 'multiplier', ...stored],
    needs: ['kernel'],
    says: 'depthwise convolution',
  },
  pw: { fields: ['out', 'stride', 'groups', ...stored], needs: ['out'], says: 'pointwise (1x1) convolution' },
  sep: {
    fields: [...window, 'out', 'multiplier', 'bias', 'activation', 'weights'],
    needs: ['kernel', 'out'],
    says: 'depthwise, then pointwise',
  },
  ir: {
    fields: ['kernel', 'stride', 'padding', 'out', 'expansion', 'activation'],
    needs: ['kernel', 'out', 'expansion'],
    says: 'inverted residual of MobileNetV2',
  },
  mbconv: {
    fields: ['kernel', 'stride', 'out', 'expansion', 'hidden', 'squeeze', 'skips', 'activation'],
    needs: ['kernel', 'out'],
    says: 'block of EfficientNet with batch norm',
  },
  fusedmbconv: {
    fields: ['kernel', 'stride', 'out', 'expansion', 'hidden', 'squeeze', 'skips', 'activation'],
    needs: ['kernel', 'out'],
    says: 'the same, its expansion one convolution',
  },
  tconv: {
    fields: [...window, 'out', 'groups', 'outputPadding', 'outputShape', ...stored],
    needs: ['kernel', 'out'],
    says: 'transposed convolution',
  },
  maxpool: { fields: [...window, 'ceil'], needs: ['kernel'], says: 'max pooling' },
  avgpool: {
    fields: ['kernel', 'stride', 'padding', 'ceil', 'countPadding'],
    needs: ['kernel'],
    says: 'average pooling',
  },
  gap: { fields: [], says: 'global average pooling' },
  adaptivepool: { fields: ['size'], needs: ['size'], says: 'average pooling to a given size' },
  fc: { fields: ['out', ...stored], needs: ['out'], says: 'fully connected layer' },
  matmul: { fields: [], readsSeveral: true, says: 'product of the two layers it reads' },
  add: { fields: [], readsSeveral: true, says: 'sum of the layers it reads' },
  mul: { fields: [], readsSeveral: true, says: 'product, value by value, of the layers it reads' },
  concat: { fields: [], readsSeveral: true, says: 'the channels of the layers it reads' },
  slice: { fields: ['start', 'end'], needs: ['start', 'end'], says: 'some of the channels' },
  shuffle: { fields: ['groups'], needs: ['groups'], says: 'channel shuffle of ShuffleNet' },
  bn: { fields: ['epsilon'], says: 'batch normalisation' },
  flatten: { fields: [], says: 'one row of values per image' },
  softmax: { fields: [], says: 'softmax over the channels' },
  dropout: { fields: [], says: 'nothing, at inference' },
  unknown: {
    fields: ['out', 'word', 'reason'],
    readsSeveral: true,
    says: 'a layer of unknown cost: totals become a lower bound',
  },
} as const satisfies Record<string, OpRule>;

type ActivationOp = Exclude<ActivationName, 'none'>;
export type LayerOp = keyof typeof layerOps;
export type OpName = LayerOp | ActivationOp;

const activationOps: Readonly<Record<string, OpRule>> = Object.fromEntries(
  Object.entries(activations)
    .filter(([name]) => name !== 'none')
    .map(([name, { defaults }]) => [
      name,
      { fields: Object.keys(defaults) as Field[], says: 'activation' } satisfies OpRule,
    ]),
);

export const ops: Readonly<Record<OpName, OpRule>> = {
  ...layerOps,
  ...(activationOps as Record<ActivationOp, OpRule>),
};

export const opNames = Object.keys(ops) as readonly OpName[];
export const isOpName = (word: string): word is OpName => Object.hasOwn(ops, word);
/** Kinds whose token carries the kernel: `conv3x3`, `maxpool2x2`. */
export const kernelOps = opNames.filter(name => ops[name].fields.includes('kernel'));
export const isActivationOp = (op: OpName): op is ActivationOp => Object.hasOwn(activationOps, op);
