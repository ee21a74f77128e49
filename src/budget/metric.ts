import type { CostTotals, LayerCost } from '../cost/count.js';
import type { Unit } from './quantity.js';

interface MetricRule {
  readonly unit: Unit;
  readonly says: string;
  readonly ofNetwork: (totals: CostTotals) => number;
  /** Absent: a layer has no such number. */
  readonly ofLayer?: (layer: LayerCost) => number;
}

/** What a budget can limit, by the name that it has in a config. */
export const metrics = {
  macs: {
    unit: 'count',
    says: 'multiply-accumulates',
    ofNetwork: totals => totals.macs,
    ofLayer: layer => layer.macs,
  },
  params: {
    unit: 'count',
    says: 'learnable values',
    ofNetwork: totals => totals.params,
    ofLayer: layer => layer.params,
  },
  biasAdds: {
    unit: 'count',
    says: 'additions of biases',
    ofNetwork: totals => totals.biasAdds,
    ofLayer: layer => layer.biasAdds,
  },
  peakActivations: {
    unit: 'bytes',
    says: 'the largest sum of tensors alive together',
    ofNetwork: totals => totals.peakActivationBytes,
  },
  activations: {
    unit: 'bytes',
    says: 'what layers read and write, summed',
    ofNetwork: totals => totals.activationBytes,
    ofLayer: layer => layer.activationBytes,
  },
  paramBytes: { unit: 'bytes', says: 'every stored value', ofNetwork: totals => totals.paramBytes },
  traffic: {
    unit: 'bytes',
    says: 'input, weights and output once each',
    ofNetwork: totals => totals.trafficBytes,
    ofLayer: layer => layer.trafficBytes,
  },
} as const satisfies Record<string, MetricRule>;

export type Metric = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as readonly Metric[];

/** Metrics that single layers have. */
export type LayerMetric = {
  [Name in Metric]: (typeof metrics)[Name] extends { ofLayer: unknown } ? Name : never;
}[Metric];
export const layerMetricNames = metricNames.filter((name): name is LayerMetric => 'ofLayer' in metrics[name]);

export const metricUnit = (metric: Metric): Unit => metrics[metric].unit;
