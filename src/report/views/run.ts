import type { LayerComparison } from '../../cost/compare.js';
import { formatShape } from '../../model/shape.js';
import { greyMaps, resizeMap } from '../../tensor/feature-maps.js';
import { type Reader, sheetOf } from '../columns.js';
import type { Block, Cell, Document, Row } from '../document.js';
import { formatCount, formatExact, formatRatio, formatValue } from '../format.js';
import type { LayerRun, OutputValues, RunReport } from '../report.js';
import { pairSheet } from './comparison.js';
import { lawText, pairTable } from './comparison-columns.js';
import { runTable, time, usualRunColumns } from './run-columns.js';
import { outputStatistics, smallOutput } from './statistics.js';

export function runDocument(report: RunReport, reader: Reader): Document {
  const { layers, comparisons, source, engine, notes, maps } = report;
  return {
    blocks: [
      { type: 'heading', text: `${source} on the ${engine} engine` },
      ...(notes.length > 0 ? [{ type: 'text', lines: notes, tone: 'dim' } as const] : []),
      ...outputBlocks(report),
      ...maps.map(mapsBlock),
      timingSheet(layers, reader),
      ...(comparisons.length > 0 ? [pairSheet(comparisons, [pairTotal(comparisons)])] : []),
      ...(comparisons.length > 0 && comparisons.length <= 3 ? [lawBlock(report)] : []),
    ],
  };
}

/** Networks of more layers than this show one line of statistics a layer. */
const fewLayers = 8;

function outputBlocks({ layers, showValues, shownWhole }: RunReport): readonly Block[] {
  const isDetailed = layers.length <= fewLayers || showValues === 'all';
  const detail = (layer: LayerRun) =>
    layer.name === shownWhole || (showValues === 'all' && layers.length > 0)
      ? 'whole'
      : isDetailed
        ? 'corner'
        : 'statistics';
  const blocks = layers.map(layer => outputLines(layer, detail(layer)));
  if (isDetailed) return blocks.map(lines => ({ type: 'text', lines }));
  return [{ type: 'text', lines: blocks.flat() }];
}

/** Wide enough to recognise something, narrow enough for three side by side in 80 columns. */
const mapWidth = 24;

function mapsBlock({ name, output }: LayerRun): Block {
  const pictures = greyMaps({ name, ...output }, mapWidth).map(map => {
    const width = Math.min(map.width, mapWidth);
    return resizeMap(map, width, Math.max(Math.round((map.height * width) / map.width), 1));
  });
  return { type: 'pictures', title: `${name}, channels 0 and on`, pictures };
}

function pairTotal(comparisons: readonly LayerComparison[]): Row {
  const sum = (of: (layer: LayerComparison) => number) =>
    comparisons.reduce((total, layer) => total + of(layer), 0);
  const [standard, separable] = [sum(layer => layer.standard.macs), sum(layer => layer.separable.macs)];
  const cells: Record<string, Cell> = {
    name: { text: 'total' },
    standard: { text: formatCount(standard) },
    separable: { text: formatCount(separable) },
    ratio: { text: formatRatio(separable / standard) },
  };
  return { role: 'total', cells: Object.keys(pairTable.columns).map(key => cells[key] ?? { text: '' }) };
}

function timingSheet(layers: readonly LayerRun[], reader: Reader): Block {
  const columns = usualRunColumns(reader, layers);
  const total: Partial<Record<string, Cell>> = {
    name: { text: 'total' },
    macs: { text: formatCount(layers.reduce((sum, { macs }) => sum + macs, 0)) },
    medianMs: time(layers.reduce((sum, { timing }) => sum + timing.medianMs, 0)),
  };
  const totals: readonly Row[] =
    layers.length > 1 ? [{ role: 'total', cells: columns.map(key => total[key] ?? { text: '' }) }] : [];
  return { type: 'sheet', sheet: sheetOf(runTable, columns, layers, undefined, totals) };
}

/** The whole point, in one sentence a pair: what ran, against what would have. */
function lawBlock({ comparisons }: RunReport): Block {
  return {
    type: 'text',
    lines: comparisons.map(layer => {
      const { name, found, standard, depthwise, pointwise, separable, ratio } = layer;
      const whole = formatExact(standard.macs);
      const steps = `${formatExact(depthwise.macs)} + ${formatExact(pointwise.macs)} = ${formatExact(separable.macs)}`;
      const what =
        found === 'separable'
          ? `ran as depthwise + pointwise: ${steps} multiplies against ${whole} standard`
          : `ran as a standard convolution: ${whole} multiplies; depthwise + pointwise would take ${steps}`;
      return `${name} ${what}: ratio ${formatRatio(ratio)} = ${lawText(layer)}`;
    }),
  };
}

function outputLines(
  { name, layers, output }: LayerRun,
  detail: 'whole' | 'corner' | 'statistics',
): readonly string[] {
  const { values, shape } = output;
  const title = `${name} (${layers.map(({ op }) => op).join(' + ')}) -> ${formatShape(shape)}`;
  if (values.length === 0) return [`${title}, empty`];
  if (detail === 'whole' || (detail === 'corner' && values.length <= smallOutput)) {
    return [title, ...channelLines(output, shape.at(-1)!)];
  }
  const { min, max, mean, sum } = outputStatistics(values);
  const statistics = `min ${formatValue(min)}, max ${formatValue(max)}, mean ${formatValue(mean)}, sum ${formatValue(sum)}`;
  return detail === 'corner'
    ? [title, `  ${statistics}`, ...cornerLines(output)]
    : [`${title}: ${statistics}`];
}

/** Every channel as rows of numbers, as a session in a shell would show it. */
function channelLines(output: OutputValues, channels: number): string[] {
  const maps = Array.from({ length: channels }, (_, c) => `channel ${c}: ${mapText(output, c)}`);
  return maps.map(line => `  ${line}`);
}

function mapText({ shape, values }: OutputValues, channel: number): string {
  const channels = shape.at(-1)!;
  const width = shape.length > 2 ? shape.at(-2)! : 1;
  const column = Array.from({ length: values.length / channels }, (_, i) =>
    formatValue(values[i * channels + channel]!),
  );
  if (column.length === 1) return column[0]!;
  const rows = Array.from({ length: column.length / width }, (_, row) =>
    column.slice(row * width, (row + 1) * width),
  );
  return `[${rows.map(row => `[${row.join(', ')}]`).join(', ')}]`;
}

const corner = 4;

/** The first rows, columns and channels of a map that is too large to show. */
function cornerLines({ shape, values }: OutputValues): string[] {
  const channels = shape.at(-1)!;
  const width = shape.length > 2 ? shape.at(-2)! : 1;
  const rows = values.length / channels / width;
  const [h, w, c] = [Math.min(rows, corner), Math.min(width, corner), Math.min(channels, 2)];
  const at = (row: number, column: number, channel: number) =>
    values[(row * width + column) * channels + channel]!;
  return Array.from({ length: c }, (_, channel) => {
    const lines = Array.from(
      { length: h },
      (_, row) =>
        `[${Array.from({ length: w }, (_, column) => formatValue(at(row, column, channel))).join(', ')}${w < width ? ', ...' : ''}]`,
    );
    return `  channel ${channel}: [${lines.join(', ')}${h < rows ? ', ...' : ''}]`;
  });
}
