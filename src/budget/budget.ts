import type { CountedFlavor } from '../cost/count.js';
import type { Place } from '../errors.js';
import type { LayerMetric, Metric } from './metric.js';
import type { Increase } from './quantity.js';

/** Whether a limit that is passed fails the check, or is only told. */
export type Level = 'error' | 'warn';

/** The limits on one set of networks, parsed: every unit read, every default filled. */
export interface Budget {
  /** How reports call it: its name, or its models. */
  readonly name: string;
  readonly level: Level;
  readonly limits: readonly Limit[];
  /** Absent: growth is told, but never fails. */
  readonly growth: readonly GrowthLimit[];
  /** Patterns of ops that may stay uncounted. */
  readonly allowUnknown: readonly string[];
  /** Where it stands; absent for limits given on the command line. */
  readonly place: Place | undefined;
}

interface LimitBase<M extends Metric> {
  readonly metric: M;
  /** As it was written: `600M`. */
  readonly written: string;
  readonly place: Place | undefined;
}

/** The most that a number may be: of the network, of every layer, of named layers, of a kind of layer. */
export type Limit =
  | (LimitBase<Metric> & { readonly of: 'network'; readonly most: number })
  | (LimitBase<LayerMetric> & { readonly of: 'each-layer'; readonly most: number })
  | (LimitBase<LayerMetric> & { readonly of: 'layers'; readonly pattern: string; readonly most: number })
  | (LimitBase<LayerMetric> & {
      readonly of: 'flavor';
      readonly flavor: CountedFlavor;
      readonly most: number;
    });

/** How much a number may grow against the baseline. */
export interface GrowthLimit extends LimitBase<Metric> {
  readonly increase: Increase;
  /** Growth up to here is noise. */
  readonly floor: number;
}
