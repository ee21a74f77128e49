import { comparisonJson, type Json, networkJson, runJson, schemaVersion, totalAmount } from './json.js';
import type { Report } from './report.js';

/**
 * One JSON object a line, flat enough for jq and grep: every layer says `"type": "layer"` and which network
 * it is of; then comes one line of totals for the network, with the coverage and the convention.
 */
export const renderNdjson = (report: Report): string =>
  (writers[report.kind] as (report: Report) => readonly Json[])(report)
    .map(line => `${JSON.stringify(line)}\n`)
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
    networks.map(({ cost, published = null }) => {
      const { name, layers: _, totals, ...rest } = networkJson(cost);
      const ratio = totals.macs / baseline.totals.macs;
      return totalsLine(name, { convention, ratio, ...totals, ...rest, published });
    }),
  explanation: ({ source, perPosition, comparison }) => [
    layerLine(source, { perPosition, ...comparisonJson(comparison) }),
  ],
  run: ({ source, engine, notes, layers, showValues }) => [
    ...layers.map(layer => layerLine(source, runJson(layer, showValues === 'all'))),
    totalsLine(source, {
      engine,
      notes,
      macs: layers.reduce((sum, { macs }) => sum + macs, 0),
      medianMs: layers.reduce((sum, { timing }) => sum + timing.medianMs, 0),
    }),
  ],
  zoo: ({ networks }) =>
    networks.map(({ published = null, ...entry }) => ({ type: 'network', ...entry, published })),
  paper: ({ title, tables }) =>
    tables.flatMap(({ number, rows }) =>
      rows.map(row => ({ type: 'row', paper: title, table: number, ...row })),
    ),
};
