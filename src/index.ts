/**
 * convcost as a library: exact costs of convolutional networks. Free of Node; a browser can import it.
 *
 * @example
 * const network = parseNetwork('@224x224x3 conv3x3 32 s2 sep3x3 64');
 * countNetwork(network).totals.macs;
 */

import type { Network } from './model/network.js';
import { buildNetwork } from './spec/build.js';
import { parseTokens } from './spec/tokens.js';

/**
 * A network from layer tokens.
 *
 * @throws ConvcostError with the place of the token that is wrong
 */
export const parseNetwork = (tokens: string): Network =>
  buildNetwork(parseTokens(tokens), { name: tokens, source: tokens, format: 'tokens' });

export type { Budget } from './budget/budget.js';
export { type CheckResult, checkBudgets, failuresOf, verdictOf } from './budget/check.js';
export { diffNetworks, type LayerChange, type NetworkDiff } from './budget/diff.js';
export {
  type AlgorithmCost,
  type AlgorithmName,
  algorithmCosts,
} from './cost/algorithms.js';
export { compareSeparable, type LayerComparison, type NetworkComparison } from './cost/compare.js';
export {
  type ConventionExplanation,
  countBy,
  explainConvention,
} from './cost/conventions/apply.js';
export type { Convention } from './cost/conventions/convention.js';
export { conventionNamed, conventions } from './cost/conventions/index.js';
export {
  type CostTotals,
  type Coverage,
  countNetwork,
  type LayerCost,
  type NetworkCost,
} from './cost/count.js';
export { type AliveTensor, type PeakActivations, peakActivations } from './cost/memory.js';
export { type MemoryReport, memoryReport } from './cost/memory-report.js';
export { compareRewrites, type RewriteComparison } from './cost/rewrites.js';
export { createReferenceEngine } from './engines/reference/index.js';
export { runNetwork, type TensorValues } from './engines/run-network.js';
export { ConvcostError, type ErrorCode, type Place } from './errors.js';
export {
  type ByteSource,
  type InputOverrides,
  parseInputOverrides,
  readModel,
  sourceFromBytes,
} from './formats/index.js';
export { type ConvGeometry, type ConvSpec, convFlavor, convOutput, resolveConv } from './model/conv.js';
export type { ConvLayer, FreeLayer, Layer, MatmulLayer, TensorInfo, UnknownLayer } from './model/layer.js';
export type { Network, Param } from './model/network.js';
export type { Shape } from './model/shape.js';
export { type Plan, parsePlan, parsePlans } from './rewrite/parse.js';
export { separable } from './rewrite/separable.js';
export { standard } from './rewrite/standard.js';
export { buildNetwork } from './spec/build.js';
export type { LayerSpec, NetworkSpec } from './spec/layer-spec.js';
export { type ParseOptions, parseNotation } from './spec/notations/index.js';
export { toSpec } from './spec/print/to-spec.js';
export { parseTokens } from './spec/tokens.js';
export { zooNetwork } from './zoo/zoo-name.js';
