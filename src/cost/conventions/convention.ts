import type { Connections } from '../../model/connections.js';
import type { ConvLayer, FreeCompute, FreeLayer, Layer, MatmulLayer } from '../../model/layer.js';
import type { Network } from '../../model/network.js';

/** What another tool may count beside, or in place of, the multiplies of convolutions and dense layers. */
export const termTitles = {
  biasAdds: 'bias adds',
  batchNorm: 'batch norm',
  activations: 'activations',
  softmax: 'softmax',
  pooling: 'pooling',
  adaptivePooling: 'adaptive pooling',
  additions: 'additions',
  multiplications: 'multiplications',
  elementwise: 'other element-wise operations',
  transposed: 'transposed convolutions',
  dense: 'dense layers of several rows',
  stringPadding: 'padding written as a word',
  functions: 'functions and products of two inputs',
} as const satisfies Record<string, string>;

export type TermName = keyof typeof termTitles;

/** How much more than its macs a tool counts for a layer, by term; below 0 for what it leaves out. */
export type Amounts = Readonly<Partial<Record<TermName, number>>>;

/** Where a layer stands. */
export interface Surroundings extends Connections {
  readonly network: Network;
}

export type Rule<Each extends Layer> = (layer: Each, around: Surroundings) => Amounts;

/** A free layer of one type. */
export type FreeOf<Type extends FreeCompute['type']> = FreeLayer & {
  readonly compute: FreeCompute & { readonly type: Type };
};

/** Op to formula. An op that is not here counts as convcost counts it. */
export type Rules = { readonly [Type in FreeCompute['type']]?: Rule<FreeOf<Type>> } & {
  readonly conv?: Rule<ConvLayer>;
  readonly matmul?: Rule<MatmulLayer>;
};

/** How one tool counts. */
export interface Convention {
  readonly name: string;
  /** The version whose answers were measured. */
  readonly version?: string;
  /** What each term is, in the order in which explanations list them. */
  readonly terms: Readonly<Partial<Record<TermName, string>>>;
  readonly rules: Rules;
}
