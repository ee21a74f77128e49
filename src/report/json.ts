import type { Amount, LayerComparison } from '../cost/compare.js';
import type { LayerCost, NetworkCost } from '../cost/count.js';
import { memoryReport } from '../cost/memory-report.js';
import { layoutName } from '../model/layout.js';
import { summarise } from '../timing/statistics.js';
import { algorithmsJson, conventionJson, rewrittenJson, withAlgorithms } from './analysis-json.js';
import { checkJson, diffJson } from './check/json.js';
import { escapeJson } from './escape.js';
import type {
  ComparisonReport,
  CostReport,
  ExplanationReport,
  LayerRun,
  Report,
  RunReport,
  SideBySideReport,
  TimedVariant,
} from './report.js';
import { axesOf } from './views/cost-columns.js';
import { outputStatistics, smallOutput } from './views/statistics.js';

/** Grows by one where a field is renamed or removed; new fields leave it as it is. */
export const schemaVersion = 1;

export type Json = Readonly<Record<string, unknown>>;

/** Everything that a script needs, every integer raw. */
function reportToJson(report: Report): Json {
  return { schemaVersion, ...(writers[report.kind] as (report: Report) => Json)(report) };
}

export const renderJson = (report: Report): string =>
  `${escapeJson(JSON.stringify(reportToJson(report), null, 2))}\n`;

const writers: { readonly [Kind in Report['kind']]: (report: Extract<Report, { kind: Kind }>) => Json } = {
  cost: ({ convention, costs }: CostReport) => ({
    kind: 'cost',
    convention,
    networks: costs.map(networkJson),
  }),
  comparison: ({ convention, comparison }: ComparisonReport) => ({
    kind: 'comparison',
    convention,
    networks: [networkJson(comparison.cost)],
    layers: comparison.layers.map(comparisonJson),
    totals: {
      standard: totalAmount(comparison.standard),
      separable: totalAmount(comparison.separable),
      ratio: comparison.ratio,
    },
  }),
  'side-by-side': ({ convention, networks, baseline }: SideBySideReport) => ({
    kind: 'comparison',
    convention,
    networks: networks.map(({ cost, published }) => ({ ...networkJson(cost), published: published ?? null })),
    ratios: networks.map(({ cost }) => cost.totals.macs / baseline.cost.totals.macs),
  }),
  explanation: ({ source, perPosition, comparison }: ExplanationReport) => ({
    kind: 'explanation',
    source,
    perPosition,
    ...comparisonJson(comparison),
  }),
  rewrites: ({ convention, comparison: { original, rewritten, layers } }) => ({
    kind: 'comparison',
    convention,
    networks: [
      { rewrite: null, ...networkJson(original) },
      ...rewritten.map(({ rewrite, cost }) => ({ rewrite, ...networkJson(cost) })),
    ],
    layers: layers.map(layer => rewrittenJson(layer, rewritten)),
    totals: Object.fromEntries([
      ['original', totalAmount(original)],
      ...rewritten.map(({ rewrite, cost }) => [rewrite, totalAmount(cost)]),
    ]),
    ratios: [1, ...rewritten.map(({ cost }) => cost.totals.macs / original.totals.macs)],
  }),
  algorithms: ({ comparison: { cost, layers, totals } }) => ({
    kind: 'algorithms',
    convention: 'convcost',
    networks: [withAlgorithms(networkJson(cost), cost)],
    layers: layers.map(algorithmsJson),
    totals,
  }),
  convention: ({ explanations }) => ({
    kind: 'convention',
    explanations: explanations.map(conventionJson),
  }),
  run: (report: RunReport) => ({
    kind: 'run',
    source: report.source,
    engine: report.engine,
    notes: report.notes,
    layers: report.layers.map(layer => runJson(layer, report.showValues === 'all')),
    comparisons: report.comparisons.map(comparisonJson),
  }),
  zoo: ({ convention, networks }) => ({
    kind: 'zoo',
    convention,
    networks: networks.map(({ published, ...entry }) => ({ ...entry, published: published ?? null })),
  }),
  paper: report => ({ ...report }),
  bench: ({ source, notes, limits, interrupted, whole, units, profiles }) => ({
    kind: 'bench',
    source,
    notes,
    limits,
    interrupted,
    results: whole.map(variant => timesJson(variant)),
    layers: units.map(({ name, variants }) => ({
      name,
      results: variants.map(part => ({ ...timesJson(part), bytes: part.bytes, kernels: part.kernels })),
    })),
    profiles: profiles.map(({ name, nodes, missed }) => ({
      name,
      nodes: nodes.map(node => ({
        ...timesJson(node),
        op: node.op,
        layer: node.layer ?? null,
        bytes: node.bytes,
      })),
      missed,
    })),
  }),
  check: checkJson,
  diff: diffJson,
};

/** hyperfine's fields, in its unit: seconds. */
export function timesJson({ name, macs, times }: TimedVariant) {
  const seconds = times.map(time => time / 1000);
  if (seconds.length === 0) return { command: name, name, macs, times: [] };
  const { mean, stddev, median, min, max } = summarise(seconds);
  return {
    command: name,
    name,
    macs,
    mean,
    stddev,
    median,
    min,
    max,
    times: seconds,
    gmacPerSecond: macs / median / 1e9,
  };
}

export function networkJson({ network, layers, totals, coverage }: NetworkCost) {
  return {
    name: network.name,
    source: network.source,
    format: network.format,
    notes: network.notes,
    inputs: network.inputs.map(({ name, shape }) => ({
      name,
      shape,
      layout: layoutName(network.layout, shape.length),
    })),
    totals,
    memory: memoryReport(network),
    coverage,
    layers: layers.map(cost => layerJson(cost, network.layout)),
  };
}

function layerJson(cost: LayerCost, order: NetworkCost['network']['layout']): Json {
  const { layer, flavor, ...numbers } = cost;
  const axes = axesOf(layer);
  const input = layer.inputs[0]?.shape;
  return {
    name: layer.name,
    op: layer.op,
    flavor,
    ...(layer.kind === 'unknown' && { reason: layer.reason }),
    dtype: layer.outputs[0]?.dtype ?? null,
    layout: input ? layoutName(order, input.length) : null,
    input: input ?? null,
    ...(layer.inputs.length > 1 && { inputs: layer.inputs.map(({ shape }) => shape) }),
    output: layer.outputs[0]?.shape ?? null,
    ...(axes.length > 0 && {
      kernel: axes.map(axis => axis.kernel),
      stride: axes.map(axis => axis.stride),
      padding: [...axes.map(axis => axis.padBegin), ...axes.map(axis => axis.padEnd)],
      dilation: axes.map(axis => axis.dilation),
    }),
    ...(layer.kind === 'conv' && { groups: layer.geometry.groups, bias: layer.bias }),
    ...(layer.kind === 'conv' &&
      layer.geometry.transposed && { outputPadding: axes.map(axis => axis.outputPadding) }),
    ...numbers,
  };
}

export const totalAmount = ({ totals }: NetworkCost): Amount => ({
  macs: totals.macs,
  params: totals.params,
});

export const comparisonJson = ({ geometry, ...rest }: LayerComparison): Json => ({
  ...rest,
  inChannels: geometry.inChannels,
  outChannels: geometry.outChannels,
  kernel: geometry.axes.map(axis => axis.kernel),
});

export function runJson(
  { name, kernel, macs, multiplies, output, timing, agreement }: LayerRun,
  withValues: boolean,
): Json {
  return {
    name,
    kernel,
    macs,
    ...(multiplies !== undefined && { multiplies }),
    output: {
      shape: output.shape,
      layout: layoutName('channels-last', output.shape.length),
      ...((withValues || output.values.length <= smallOutput) && { values: Array.from(output.values) }),
      ...outputStatistics(output.values),
    },
    timing,
    gmacPerSecond: timing.medianMs === 0 ? null : macs / timing.medianMs / 1e6,
    agreement: agreement ?? null,
  };
}
