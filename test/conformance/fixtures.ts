import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Numbers of the conformance set, written out or to be made from a seed. */
export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data?: readonly number[];
  readonly seed?: number;
}

export interface FixtureAttributes {
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly groups?: number;
  readonly kernel?: readonly number[];
  /** Begins of every axis, then ends. */
  readonly pads?: readonly number[];
  readonly autoPad?: 'VALID' | 'SAME_UPPER' | 'SAME_LOWER';
  readonly outputPadding?: readonly number[];
  readonly outputShape?: readonly number[];
  /** WebNN's word for `outputShape`. */
  readonly outputSizes?: readonly number[];
  readonly activation?: string;
  readonly activationAttrs?: Readonly<Record<string, number>>;
}

/** What an engine is asked to compute. */
export interface FixtureRequest {
  readonly id: string;
  readonly op: string;
  readonly layout: string;
  readonly filterLayout: string;
  readonly pointwiseLayout?: string;
  readonly attrs: FixtureAttributes;
  readonly inputs: Readonly<Record<'x' | 'w', FixtureTensor>> & {
    readonly [name in 'b' | 'pw' | 'residual']?: FixtureTensor;
  };
}

export interface Fixture extends FixtureRequest {
  readonly macs: number;
  readonly macsInBounds: number;
  readonly exact?: boolean;
  readonly tolerance: Readonly<Record<'abs' | 'rel', number>> & {
    readonly [name in 'sumAbs' | 'sumSqRel']?: number;
  };
  readonly expected: ExpectedValues | ExpectedSummary;
}

export interface ExpectedValues {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** Of results that are too large to write out. */
export interface ExpectedSummary {
  readonly shape: readonly number[];
  readonly count: number;
  readonly first8: readonly number[];
  readonly last8: readonly number[];
  readonly sum: number;
  readonly sumSq: number;
  readonly min: number;
  readonly max: number;
  readonly nonZero: number;
  /** Of the little-endian float32 values, where any order of additions gives the same. */
  readonly sha256Float32LE?: string;
}

/** A request that must be refused. */
export interface Refusal extends FixtureRequest {
  readonly why: string;
}

export interface ConformanceCases {
  readonly fixtures: readonly Fixture[];
  readonly refusals: readonly Refusal[];
  /** Why only the fixtures of this repository are there; undefined where all are. */
  readonly skipped: string | undefined;
}

/** Generated for this project, and so part of it. */
const ownFiles = ['torch-random.json', 'torch-medium.json'];
/** Requests that must be refused, and models, which are no fixtures. */
const errorFile = 'errors.json';
const otherFiles = [errorFile, 'onnx-models.json'];

const here = fileURLToPath(new URL('.', import.meta.url));
/** Beside the checkout, where nothing else is said. */
const defaultFolder = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));

/**
 * Every fixture: the project's own, and those of other engines from the folder that CONVCOST_VECTORS names.
 *
 * @throws where CONVCOST_VECTORS names a folder that is not there; without it, `skipped` says so
 */
export function conformanceCases(folder = process.env['CONVCOST_VECTORS']): ConformanceCases {
  const own = ownFiles.flatMap(file => readCases<Fixture>(here, file));
  const vectors = folder || defaultFolder;
  if (!folder && !existsSync(vectors)) {
    return {
      fixtures: own,
      refusals: [],
      skipped: `skipped: the fixtures of other engines are not at ${vectors}; CONVCOST_VECTORS says where they are`,
    };
  }
  const others = readdirSync(vectors)
    .filter(file => file.endsWith('.json') && !ownFiles.includes(file) && !otherFiles.includes(file))
    .sort()
    .flatMap(file => readCases<Fixture>(vectors, file));
  return {
    fixtures: [...own, ...others],
    refusals: readCases<Refusal>(vectors, errorFile),
    skipped: undefined,
  };
}

const readCases = <Case>(folder: string, file: string): readonly Case[] =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case[];
