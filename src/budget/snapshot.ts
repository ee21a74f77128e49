import type { LayerCost, NetworkCost } from '../cost/count.js';
import { type Metric, metricNames, metrics } from './metric.js';

/** The figures of a network that a baseline keeps and a diff compares. */
export interface Snapshot {
  readonly totals: Readonly<Record<Metric, number>>;
  readonly layers: readonly LayerSnapshot[];
}

/** What a baseline keeps of a layer. */
export interface LayerSnapshot {
  readonly name: string;
  /** What the layer is, sizes of feature maps apart: `depthwise 3x3 s2 32`. */
  readonly form: string;
  readonly macs: number;
  readonly params: number;
  /** Bytes that it reads and writes. */
  readonly activations: number;
}

/** @param which `costly`: layers with macs or params alone, for a baseline that stays small */
export const snapshotOf = (cost: NetworkCost, which: 'all' | 'costly'): Snapshot => ({
  totals: totalsOf(cost),
  layers: cost.layers.filter(layer => which === 'all' || isCostly(layer)).map(layerSnapshot),
});

export const totalsOf = ({ totals }: NetworkCost): Snapshot['totals'] =>
  Object.fromEntries(metricNames.map(name => [name, metrics[name].ofNetwork(totals)])) as Record<
    Metric,
    number
  >;

const isCostly = ({ macs, params, flavor }: LayerCost): boolean =>
  macs > 0 || params > 0 || flavor === 'unknown';

const layerSnapshot = (cost: LayerCost): LayerSnapshot => ({
  name: cost.layer.name,
  form: formOf(cost),
  macs: cost.macs,
  params: cost.params,
  activations: cost.activationBytes,
});

/** Two layers of one form differ in the size of their feature maps at most. */
export function formOf({ layer, flavor }: Pick<LayerCost, 'layer' | 'flavor'>): string {
  switch (layer.kind) {
    case 'conv': {
      const { axes, inChannels, outChannels, groups } = layer.geometry;
      const channels =
        flavor === 'depthwise' && inChannels === outChannels
          ? `${inChannels}`
          : `${inChannels}-${outChannels}`;
      const parts: readonly (string | false)[] = [
        flavor,
        axes.map(({ kernel }) => kernel).join('x'),
        unlessOne(
          's',
          axes.map(({ stride }) => stride),
        ),
        unlessOne(
          'd',
          axes.map(({ dilation }) => dilation),
        ),
        channels,
        groups > 1 && flavor !== 'depthwise' && `g${groups}`,
        layer.bias && 'bias',
      ];
      return parts.filter(Boolean).join(' ');
    }
    case 'matmul': {
      const sizes = layer.products.map(({ k, n }) => `${k}-${n}`).join(' ');
      return `matmul ${sizes}${layer.bias ? ' bias' : ''}`;
    }
    case 'free':
    case 'unknown':
      return layer.kind === 'unknown' ? `unknown ${layer.op}` : layer.op;
  }
}

function unlessOne(letter: string, values: readonly number[]): string | false {
  if (values.every(value => value === 1)) return false;
  return letter + (values.every(value => value === values[0]) ? values[0] : values.join('x'));
}
