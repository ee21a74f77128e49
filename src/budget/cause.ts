import { type Assertion, ofLayer } from './assertion.js';
import type { Failure } from './check.js';
import type { LayerChange } from './diff.js';
import { type LayerMetric, layerMetricNames } from './metric.js';

/** Why a limit was passed: layers that grew since the baseline; without one, the largest. */
export type Cause =
  | { readonly kind: 'grown'; readonly layers: readonly LayerChange[]; readonly others: number }
  | { readonly kind: 'largest'; readonly layers: readonly LargeLayer[]; readonly others: number };

export interface LargeLayer {
  readonly name: string;
  readonly form: string;
  readonly value: number;
  readonly share: number;
}

const mostLayers = 5;
type ChangeMetric = keyof LayerChange['delta'];

/** The metric of layers that tells most about a metric of the network. */
const closest = { macs: 'macs', params: 'params', paramBytes: 'params' } as const;
export const changeMetric = (metric: string): ChangeMetric =>
  Object.hasOwn(closest, metric) ? closest[metric as keyof typeof closest] : 'activations';

/** Forms begin with the flavor: a limit of one kind of layer is not passed by another. */
const isAbout = ({ of, subject }: Assertion, form = ''): boolean =>
  of !== 'flavor' || form.startsWith(`${subject} `);

export function causeOf({ model, assertion }: Failure): Cause | undefined {
  if (assertion.of === 'each-layer' || assertion.of === 'layers') return undefined;
  const metric = changeMetric(assertion.metric);
  const grown = (model.diff?.changes ?? [])
    .filter(({ delta, after }) => delta[metric] > 0 && isAbout(assertion, after?.form))
    .toSorted((a, b) => b.delta[metric] - a.delta[metric]);
  if (grown.length > 0)
    return { kind: 'grown', layers: grown.slice(0, mostLayers), others: grown.length - mostLayers };
  if (assertion.of === 'growth') return undefined;
  const own: LayerMetric = layerMetricNames.find(name => name === assertion.metric) ?? metric;
  const value = ofLayer(own);
  const layers = model.cost.layers.filter(
    layer => value(layer) > 0 && (assertion.of !== 'flavor' || layer.flavor === assertion.subject),
  );
  const total = layers.reduce((sum, layer) => sum + value(layer), 0);
  const sorted = layers.toSorted((a, b) => value(b) - value(a));
  const forms = new Map(model.snapshot.layers.map(({ name, form }) => [name, form] as const));
  return {
    kind: 'largest',
    layers: sorted.slice(0, mostLayers).map(layer => ({
      name: layer.layer.name,
      form: forms.get(layer.layer.name) ?? layer.layer.op,
      value: value(layer),
      share: value(layer) / total,
    })),
    others: sorted.length - mostLayers,
  };
}
