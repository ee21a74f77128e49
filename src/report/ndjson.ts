import { algorithmsJson, conventionJson, rewrittenJson } from './analysis-json.js';
import { assertionJson, changeJson } from './check/json.js';
import { escapeJson } from './escape.js';
import {
  comparisonJson,
  type Json,
  networkJson,
  runJson,
  schemaVersion,
  timesJson,
  totalAmount,
} from './json.js';
import type { Report } from './report.js';

/**
 * One JSON object a line, flat enough for jq and grep: every layer says `"type": "layer"` and which network
 * it is of; then comes one line of totals for the network, with the coverage and the convention.
 */
export const renderNdjson = (report: Report): string =>
  (writers[report.kind] as (report: Report) => readonly Json[])(report)
    .map(line => `${escapeJson(JSON.stringify(line))}\n`)
    .join('');

const layerLine = (network: string, layer: Json): Json => ({ type: 'layer', network, ...layer });
const totalsLine = (network: string, totals: Json): Json => ({
  type: 'totals',
  network,
  schemaVersion,
  ...totals,
});

const writers: {
  readonly [Kind in Report['kind']]: (report: Extract<Report, { kind: Kind }>) => readonly Json[];
} = {
  cost: ({ costs, convention }) =>
    costs.flatMap(cost => {
      const { name, layers, totals, ...rest } = networkJson(cost);
      return [
        ...layers.map(layer => layerLine(name, layer)),
        totalsLine(name, { convention, ...totals, ...rest }),
      ];
    }),
  comparison: ({ comparison, convention }) => {
    const { name } = comparison.cost.network;
    return [
      ...comparison.layers.map(layer => layerLine(name, comparisonJson(layer))),
      totalsLine(name, {
        convention,
        standard: totalAmount(comparison.standard),
        separable: totalAmount(comparison.separable),
        ratio: comparison.ratio,
        coverage: comparison.cost.coverage,
      }),
    ];
  },
  'side-by-side': ({ networks, baseline, convention }) =>
    networks.map(({ cost, published }) => {
      const { name, layers: _, totals, ...rest } = networkJson(cost);
      const ratio = totals.macs / baseline.cost.totals.macs;
      return totalsLine(name, { convention, ratio, ...totals, ...rest, published: published ?? null });
    }),
  explanation: ({ source, perPosition, comparison }) => [
    layerLine(source, { perPosition, ...comparisonJson(comparison) }),
  ],
  rewrites: ({ convention, comparison: { original, rewritten, layers } }) => {
    const { name } = original.network;
    return [
      ...layers.map(layer => layerLine(name, rewrittenJson(layer, rewritten))),
      ...[{ rewrite: null, cost: original }, ...rewritten].map(({ rewrite, cost }) =>
        totalsLine(name, { convention, rewrite, ...cost.totals, coverage: cost.coverage }),
      ),
    ];
  },
  algorithms: ({ comparison: { cost, layers, totals } }) => [
    ...layers.map(layer => layerLine(cost.network.name, algorithmsJson(layer))),
    totalsLine(cost.network.name, { convention: 'convcost', ...totals, coverage: cost.coverage }),
  ],
  convention: ({ explanations }) =>
    explanations.map(conventionJson).map(({ network, ...rest }) => totalsLine(network, rest)),
  run: ({ source, engine, notes, layers, showValues }) => [
    ...layers.map(layer => layerLine(source, runJson(layer, showValues === 'all'))),
    totalsLine(source, {
      engine,
      notes,
      macs: layers.reduce((sum, { macs }) => sum + macs, 0),
      medianMs: layers.reduce((sum, { timing }) => sum + timing.medianMs, 0),
    }),
  ],
  zoo: ({ networks, convention }) =>
    networks.map(({ name, published, ...entry }) =>
      totalsLine(`zoo:${name}`, { convention, ...entry, published: published ?? null }),
    ),
  bench: ({ source, whole, units }) => [
    ...units.flatMap(({ name, variants }) =>
      variants.map(part => layerLine(source, { layer: name, ...timesJson(part), kernels: part.kernels })),
    ),
    ...whole.map(variant => totalsLine(source, timesJson(variant))),
  ],
  check: ({ result, verdict }) =>
    result.models.flatMap(({ key, assertions, snapshot, cost, unknown }) => [
      ...assertions.map(assertion => ({ type: 'limit', network: key, ...assertionJson(assertion) })),
      totalsLine(key, { verdict, ...snapshot.totals, coverage: cost.coverage, unknown }),
    ]),
  diff: ({ before, after, diff, convention }) => [
    ...diff.changes.map(change => layerLine(after.name, changeJson(change))),
    totalsLine(after.name, {
      convention,
      before: diff.before,
      after: diff.after,
      unchanged: diff.unchanged,
      from: before.name,
    }),
  ],
  paper: ({ tables, ...paper }) => tables.map(table => ({ type: 'table', ...paper, ...table })),
};
