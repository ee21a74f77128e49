import type { CheckResult, Verdict } from '../budget/check.js';
import type { NetworkDiff } from '../budget/diff.js';
import type { LayerComparison, NetworkComparison } from '../cost/compare.js';
import type { AlgorithmsComparison } from '../cost/compare-algorithms.js';
import type { ConventionExplanation } from '../cost/conventions/apply.js';
import type { Coverage, NetworkCost } from '../cost/count.js';
import type { RewriteComparison } from '../cost/rewrites.js';
import type { Layer } from '../model/layer.js';
import type { Shape } from '../model/shape.js';
import type { MachineLimits } from '../timing/machine-limits.js';
import type { Timing } from '../timing/measure.js';
import type { Published } from '../zoo/published.js';

/** What commands find out, as data; views and renderers turn it into text. */
export type Report =
  | BenchReport
  | CostReport
  | ComparisonReport
  | SideBySideReport
  | ExplanationReport
  | RunReport
  | RewritesReport
  | AlgorithmsReport
  | ConventionReport
  | ZooReport
  | PaperReport
  | CheckReport
  | DiffReport;

/** How a table is to be shown; totals are of the whole network, whatever is selected. */
export interface TableView {
  /** Keys of columns; absent: those that its reader usually wants. */
  readonly columns?: readonly string[];
  /** Whether a filter named the rows: then none of them is folded away. */
  readonly isFiltered?: boolean;
}

export interface CostReport {
  readonly kind: 'cost';
  readonly convention: string;
  /** Their layers as selected: `network.layers` holds all. */
  readonly costs: readonly NetworkCost[];
  readonly view: TableView;
}

/** One network, and what rewrites make of it. */
export interface RewritesReport {
  readonly kind: 'rewrites';
  readonly convention: string;
  readonly comparison: RewriteComparison;
  readonly view: TableView;
}

/** One network, by every algorithm for its convolutions. */
export interface AlgorithmsReport {
  readonly kind: 'algorithms';
  readonly comparison: AlgorithmsComparison;
  readonly view: TableView;
}

/** Why other tools answer otherwise. */
export interface ConventionReport {
  readonly kind: 'convention';
  readonly explanations: readonly ConventionExplanation[];
}

/** One network: standard against depthwise + pointwise. */
export interface ComparisonReport {
  readonly kind: 'comparison';
  readonly convention: string;
  readonly comparison: NetworkComparison;
  readonly view: TableView;
}

/** Several networks, each held against the first that was named. */
export interface SideBySideReport {
  readonly kind: 'side-by-side';
  readonly convention: string;
  readonly networks: readonly ComparedNetwork[];
  readonly baseline: ComparedNetwork;
  readonly view: TableView;
}

export interface ComparedNetwork {
  readonly cost: NetworkCost;
  /** What a paper prints of it. */
  readonly published: Published | undefined;
}

/** The networks that can be had by name, with their figures and those of papers. */
export interface ZooReport {
  readonly kind: 'zoo';
  readonly convention: string;
  readonly networks: readonly ZooEntry[];
}

export interface ZooEntry {
  readonly name: string;
  readonly title: string;
  readonly follows: string;
  readonly parameters: readonly string[];
  readonly resolution: number;
  readonly macs: number;
  readonly params: number;
  readonly published: Published | undefined;
}

/** A paper's tables beside our counts: data, for a reporter to show. */
export interface PaperReport {
  readonly kind: 'paper';
  readonly title: string;
  readonly source: string;
  readonly tables: readonly PaperTable[];
}

export interface PaperTable {
  readonly number: number;
  readonly title: string;
  readonly rows: readonly PaperRow[];
}

export interface PaperRow {
  readonly label: string;
  readonly facts: readonly PaperFact[];
  /** Why ours differs, where it does. */
  readonly notes: readonly string[];
}

/** One thing that the paper prints, and what we find. */
export interface PaperFact {
  readonly quantity: PaperQuantity;
  /** As printed; absent where the paper says nothing. */
  readonly theirs?: string;
  /** A count, a share (0 to 1) or a text; absent where it is not ours to find (accuracy). */
  readonly ours?: number | string;
  readonly agrees: boolean;
}

export type PaperQuantity = 'top1' | 'row' | 'input' | 'macs' | 'params' | 'macShare' | 'paramShare';

/** The derivation for one convolution, with its numbers put in. */
export interface ExplanationReport {
  readonly kind: 'explanation';
  readonly source: string;
  /** No input size was given: every number is for one output position. */
  readonly perPosition: boolean;
  readonly bias: boolean;
  readonly comparison: LayerComparison;
}

export interface RunReport {
  readonly kind: 'run';
  readonly source: string;
  readonly engine: string;
  /** What was filled in: data, weights. */
  readonly notes: readonly string[];
  readonly layers: readonly LayerRun[];
  readonly comparisons: readonly LayerComparison[];
  readonly showValues: 'some' | 'all';
  /** A layer whose output is shown whole, however large. */
  readonly shownWhole: string | undefined;
  /** Layers whose feature maps are drawn. */
  readonly maps: readonly LayerRun[];
}

export interface LayerRun {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly kernel: string;
  readonly macs: number;
  readonly output: OutputValues;
  readonly timing: Timing;
  /** Multiplications that the loops of the last run did, where the kernel counts them. */
  readonly multiplies: number | undefined;
  /** Against the reference engine's layers, one by one; absent where the kernel is that reference. */
  readonly agreement: Agreement | undefined;
}

/** A feature map that came out, channels-last. */
export interface OutputValues {
  readonly shape: Shape;
  readonly values: Float32Array;
}

export interface Agreement {
  readonly maxAbsError: number;
  /** Relative to the reference's largest magnitude. */
  readonly maxRelError: number;
  readonly reference: string;
}

/** Ways to compute the same network, timed against each other. */
export interface BenchReport {
  readonly kind: 'bench';
  readonly source: string;
  readonly notes: readonly string[];
  readonly limits: MachineLimits;
  /** Ctrl-C came before the end: what is here was measured up to then. */
  readonly interrupted: boolean;
  readonly whole: readonly TimedVariant[];
  readonly units: readonly TimedUnit[];
  /** Of whole networks in an engine that tells the time of each of its nodes. */
  readonly profiles: readonly ModelProfile[];
}

/** The nodes of an engine's own, optimised graph, in the order in which they ran. */
export interface ModelProfile {
  /** That of its times as a whole. */
  readonly name: string;
  readonly nodes: readonly ProfiledNode[];
  /** Layers with multiplies that no node could be found for. */
  readonly missed: readonly string[];
}

export interface ProfiledNode extends TimedPart {
  /** After the engine's optimisations. */
  readonly op: string;
  /** The layer whose multiplies it does. */
  readonly layer: string | undefined;
}

export interface TimedVariant {
  readonly name: string;
  readonly macs: number;
  /** Milliseconds a run, a sample each; as many as there were rounds. */
  readonly times: readonly number[];
}

/** A layer or a pair, in every variant that has it. */
export interface TimedUnit {
  readonly name: string;
  readonly variants: readonly TimedPart[];
}

export interface TimedPart extends TimedVariant {
  /** Input, weights and output, once each. */
  readonly bytes: number;
  readonly kernels: readonly string[];
}

/** Networks held against budgets and a baseline. */
export interface CheckReport {
  readonly kind: 'check';
  readonly result: CheckResult;
  readonly verdict: Verdict;
  /** The one command that accepts the new numbers. */
  readonly acceptCommand: string;
  /** What `--update` wrote, where it was asked for. */
  readonly update:
    | { readonly path: string; readonly models: number; readonly heldBack: readonly string[] }
    | undefined;
}

/** Two networks, layer by layer. */
export interface DiffReport {
  readonly kind: 'diff';
  readonly convention: string;
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly diff: NetworkDiff;
}

export interface DiffSide {
  readonly name: string;
  readonly coverage: Coverage;
  readonly notes: readonly string[];
}
