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

export type { Assertion } from './budget/assertion.js';
export type { Baseline } from './budget/baseline.js';
export type { Budget, GrowthLimit, Level, Limit } from './budget/budget.js';
export {
  type Candidate,
  type CheckAgainst,
  type CheckResult,
  checkBudgets,
  type Failure,
  failuresOf,
  type Missed,
  type ModelCheck,
  type Verdict,
  verdictOf,
} from './budget/check.js';
export { diffNetworks, type LayerChange, type NetworkDiff } from './budget/diff.js';
export type { LayerMetric, Metric } from './budget/metric.js';
export type { Increase } from './budget/quantity.js';
export type { LayerSnapshot, Snapshot } from './budget/snapshot.js';
export {
  type AlgorithmCost,
  type AlgorithmName,
  algorithmCosts,
} from './cost/algorithms.js';
export {
  type Amount,
  compareSeparable,
  type LayerComparison,
  type NetworkComparison,
} from './cost/compare.js';
export {
  type ConventionExplanation,
  countBy,
  type ExplainedTerm,
  explainConvention,
} from './cost/conventions/apply.js';
export type { Convention, TermName } from './cost/conventions/convention.js';
export { conventionNamed, conventions } from './cost/conventions/index.js';
export {
  type CostTotals,
  type CountedFlavor,
  type Coverage,
  countNetwork,
  type Flavor,
  type LayerCost,
  type NetworkCost,
  type UnknownOp,
} from './cost/count.js';
export { type AliveTensor, type PeakActivations, peakActivations } from './cost/memory.js';
export { type MemoryReport, memoryReport } from './cost/memory-report.js';
export {
  compareRewrites,
  type RewriteComparison,
  type RewrittenLayer,
  type RewrittenNetwork,
} from './cost/rewrites.js';
export type {
  ConvProblem,
  Engine,
  FreeProblem,
  Kernel,
  MatmulProblem,
  PreparedKernel,
  Problem,
  ProblemWeights,
  SeparableProblem,
} from './engines/engine.js';
export type { ExecuteOptions } from './engines/execute.js';
export type { PaddingTaps } from './engines/reference/conv.js';
export { createReferenceEngine } from './engines/reference/index.js';
export { runNetwork, type TensorValues } from './engines/run-network.js';
export { ConvcostError, type ErrorCode, type ErrorDetails, type Place } from './errors.js';
export {
  type ByteSource,
  type InputOverrides,
  parseInputOverrides,
  type ReadOptions,
  readModel,
  sourceFromBytes,
} from './formats/index.js';
export type { Activation, ActivationName } from './model/activation.js';
export {
  type ConvFlavor,
  type ConvGeometry,
  type ConvSpec,
  convFlavor,
  convOutput,
  resolveConv,
} from './model/conv.js';
export type { DType } from './model/dtype.js';
export type {
  ConvLayer,
  FreeCompute,
  FreeLayer,
  Layer,
  LayerForm,
  LayerKind,
  MatmulLayer,
  MatmulProduct,
  PoolGeometry,
  TensorInfo,
  UnknownLayer,
} from './model/layer.js';
export type { ChannelOrder, FeatureMap } from './model/layout.js';
export type { Fill, FillSource, Network, Param, ParamStore, ValueSource } from './model/network.js';
export type { Shape } from './model/shape.js';
export type { Padding, PaddingEdges, PaddingMode, PerAxis, WindowAxis, WindowSpec } from './model/window.js';
export type { LayerChoice } from './rewrite/choice.js';
export { type Plan, parsePlan, parsePlans } from './rewrite/parse.js';
export { type SeparableOptions, separable } from './rewrite/separable.js';
export { standard } from './rewrite/standard.js';
export { type BuildOptions, buildNetwork } from './spec/build.js';
export type { InputOverride } from './spec/input.js';
export type { DataSpec, InputSpec, LayerSpec, NetworkSpec, ValuesSpec } from './spec/layer-spec.js';
export { type ParseOptions, parseNotation } from './spec/notations/index.js';
export type { OpName } from './spec/ops.js';
export { toSpec } from './spec/print/to-spec.js';
export { type PlaceOf, parseTokens } from './spec/tokens.js';
export type { LoadedArray, ReadArray } from './tensor/load.js';
export { zooNetwork } from './zoo/zoo-name.js';
