import type { MachineLimits } from '../../timing/machine-limits.js';
import { rooflineOf } from '../../timing/roofline.js';
import { median } from '../../timing/statistics.js';
import type { Block, Column, Row } from '../document.js';
import { formatCount, formatMs, formatPercent } from '../format.js';
import type { BenchReport, ModelProfile, ProfiledNode } from '../report.js';

/** Nodes without multiplies that take less than this of the time are one row together. */
const smallShare = 0.005;

const columns: readonly Column[] = [
  { key: 'node', title: 'node', align: 'left', priority: 0 },
  { key: 'op', title: 'op', align: 'left', priority: 3 },
  { key: 'macs', title: 'macs', align: 'right', priority: 2 },
  { key: 'ms', title: 'median', align: 'right', priority: 0 },
  { key: 'gmacPerSecond', title: 'GMAC/s', align: 'right', priority: 2 },
  { key: 'share', title: 'share', align: 'left', priority: 1 },
  { key: 'timeShare', title: 'of the time', align: 'right', priority: 0 },
  { key: 'macsShare', title: 'of the macs', align: 'right', priority: 1 },
];

/**
 * Where the time of a whole network goes, and which nodes are slow for their multiplies; node by node where
 * there is one network alone.
 */
export function profileBlocks(
  profile: ModelProfile,
  { limits, profiles }: Pick<BenchReport, 'limits' | 'profiles'>,
): readonly Block[] {
  const measured = profile.nodes
    .filter(({ times }) => times.length > 0)
    .map(node => ({ ...node, ms: median(node.times) }));
  if (measured.length === 0) return [];
  const total: Totals = {
    ms: measured.reduce((sum, { ms }) => sum + ms, 0),
    macs: measured.reduce((sum, { macs }) => sum + macs, 0),
  };
  const isShown = ({ macs, ms }: MeasuredNode) => macs > 0 || ms >= smallShare * total.ms;
  const hidden = measured.filter(node => !isShown(node));
  const rows = measured.filter(isShown).map(node => nodeRow(node, total, limits));
  const sheet: Block = {
    type: 'sheet',
    sheet: { columns, rows: [...rows, ...(hidden.length > 0 ? [restRow(hidden, total)] : [])] },
  };
  return [
    { type: 'heading', text: `node by node, ${profile.name}` },
    ...(profiles.length === 1 ? [sheet] : []),
    { type: 'text', lines: [...slowest(measured, total), ...missedLine(profile)] },
  ];
}

type MeasuredNode = ProfiledNode & { readonly ms: number };
interface Totals {
  readonly ms: number;
  readonly macs: number;
}

function nodeRow(
  { name, layer, op, macs, bytes, ms }: MeasuredNode,
  total: Totals,
  limits: MachineLimits,
): Row {
  const label = { text: layer ?? name };
  const timeShare = ms / total.ms;
  const time = [
    { text: formatMs(ms), value: ms },
    { text: formatPercent(timeShare), value: timeShare },
  ] as const;
  if (macs === 0) {
    const none = { text: '' };
    return { cells: [label, { text: op }, none, time[0], none, none, time[1], none] };
  }
  const speed = ms === 0 ? undefined : macs / ms / 1e6;
  const roof = rooflineOf(macs, bytes, limits);
  return {
    cells: [
      label,
      { text: op },
      { text: formatCount(macs), value: macs },
      time[0],
      speed === undefined ? { text: '' } : { text: speed.toPrecision(3), value: speed },
      speed === undefined
        ? { text: '' }
        : {
            text: `${formatPercent(speed / roof.gmacsPerSecond)} ${roof.limit}`,
            value: speed / roof.gmacsPerSecond,
          },
      time[1],
      { text: formatPercent(macs / total.macs), value: macs / total.macs },
    ],
  };
}

function restRow(nodes: readonly MeasuredNode[], total: Totals): Row {
  const ms = nodes.reduce((sum, node) => sum + node.ms, 0);
  const none = { text: '' };
  return {
    role: 'rest',
    cells: [
      { text: `${nodes.length} more, without multiplies` },
      none,
      none,
      { text: formatMs(ms) },
      none,
      none,
      { text: formatPercent(ms / total.ms) },
      none,
    ],
  };
}

const mostNamed = 3;

/** The nodes where most of the time goes, and whether their multiplies account for it. */
function slowest(nodes: readonly MeasuredNode[], total: Totals): readonly string[] {
  return nodes
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, mostNamed)
    .map(({ name, layer, op, ms, macs }, index) => {
      const rank = index === 0 ? 'slowest' : 'then';
      const timeShare = formatPercent(ms / total.ms);
      if (macs === 0) return `${rank}: ${name} (${op}), ${timeShare} of the time, without multiplies`;
      const slower = ms / total.ms / (macs / total.macs);
      const verdict =
        slower > 1.5
          ? `slow for its multiplies: ${slower.toFixed(1)} times the average`
          : slower < 1 / 1.5
            ? 'fast for its multiplies'
            : 'in line with its multiplies';
      return `${rank}: ${layer ?? name}, ${timeShare} of the time for ${formatPercent(macs / total.macs)} of the multiplies, ${verdict}`;
    });
}

const missedLine = ({ missed }: ModelProfile): readonly string[] =>
  missed.length === 0
    ? []
    : [
        `no node was found for ${missed.length === 1 ? 'a layer' : `${missed.length} layers`}: ${missed.slice(0, 3).join(', ')}${missed.length > 3 ? ', ...' : ''}`,
      ];
