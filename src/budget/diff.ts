import type { NetworkCost } from '../cost/count.js';
import { alignLayers, type Pair } from './align.js';
import { type Metric, metricNames } from './metric.js';
import { type LayerSnapshot, type Snapshot, snapshotOf } from './snapshot.js';

/** What two networks differ in: in total, and layer by layer. */
export interface NetworkDiff {
  readonly before: Snapshot['totals'];
  readonly after: Snapshot['totals'];
  /** Layers that came, went or changed, the largest effect first. */
  readonly changes: readonly LayerChange[];
  readonly unchanged: number;
}

/** A layer that one of two networks does not have, or has otherwise. */
export interface LayerChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** The name it has, or had. */
  readonly name: string;
  /** Undefined where it was added. */
  readonly before: LayerSnapshot | undefined;
  /** Undefined where it was removed. */
  readonly after: LayerSnapshot | undefined;
  /** After minus before; `activations` in bytes. */
  readonly delta: Readonly<Record<'macs' | 'params' | 'activations', number>>;
}

/** Compares two networks, layers matched by name, then by structure. */
export const diffNetworks = (before: NetworkCost, after: NetworkCost): NetworkDiff =>
  diffSnapshots(snapshotOf(before, 'all'), snapshotOf(after, 'all'));

export function diffSnapshots(before: Snapshot, after: Snapshot): NetworkDiff {
  const pairs = alignLayers(before.layers, after.layers);
  const changes = pairs.map(changeOf).filter(isChange);
  return {
    before: before.totals,
    after: after.totals,
    changes: changes.toSorted(byEffect),
    unchanged: pairs.length - changes.length,
  };
}

function changeOf({ before, after }: Pair): LayerChange {
  const delta = (of: (layer: LayerSnapshot) => number) => (after ? of(after) : 0) - (before ? of(before) : 0);
  return {
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    name: (after ?? before)!.name,
    before,
    after,
    delta: {
      macs: delta(layer => layer.macs),
      params: delta(layer => layer.params),
      activations: delta(layer => layer.activations),
    },
  };
}

/** A layer that was only renamed has not changed. */
const isChange = ({ kind, before, after, delta }: LayerChange): boolean =>
  kind !== 'changed' ||
  before?.form !== after?.form ||
  delta.macs !== 0 ||
  delta.params !== 0 ||
  delta.activations !== 0;

const byEffect = (a: LayerChange, b: LayerChange): number =>
  Math.abs(b.delta.macs) - Math.abs(a.delta.macs) ||
  Math.abs(b.delta.params) - Math.abs(a.delta.params) ||
  Math.abs(b.delta.activations) - Math.abs(a.delta.activations);

/** Whether any figure of the whole network differs. */
export const totalsDiffer = ({ before, after }: Pick<NetworkDiff, 'before' | 'after'>): boolean =>
  metricNames.some((metric: Metric) => before[metric] !== after[metric]);

/** The change of every figure of the whole network. */
export const snapshotChange = ({ before, after }: NetworkDiff): Readonly<Record<Metric, number>> =>
  Object.fromEntries(metricNames.map(metric => [metric, after[metric] - before[metric]])) as Record<
    Metric,
    number
  >;
