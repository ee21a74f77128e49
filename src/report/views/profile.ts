import type { MachineLimits } from '../../timing/machine-limits.js';
import { rooflineOf } from '../../timing/roofline.js';
import { median } from '../../timing/statistics.js';
import { type ColumnOf, sheetOf } from '../columns.js';
import type { Block, Cell, Row } from '../document.js';
import { formatCount, formatPercent } from '../format.js';
import type { BenchReport, ModelProfile, ProfiledNode } from '../report.js';
import { time } from './run-columns.js';

/** Nodes without multiplies that take less than this of the time are one row together. */
const smallShare = 0.005;

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
  const sheet: Block = {
    type: 'sheet',
    sheet: sheetOf(
      { columns, presets: {} },
      Object.keys(columns),
      measured.filter(isShown),
      { total, limits },
      hidden.length > 0 ? [restRow(hidden, total)] : [],
    ),
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

/** What a node is held against. */
interface Whole {
  readonly total: Totals;
  readonly limits: MachineLimits;
}

const nothing: Cell = { text: '' };
const share = (value: number): Cell => ({ text: formatPercent(value), value });

/** A node that multiplies nothing has no speed, nor one that took no time. */
const speedOf = ({ macs, ms }: MeasuredNode): number | undefined =>
  macs === 0 || ms === 0 ? undefined : macs / ms / 1e6;

const columns = {
  node: { title: 'node', align: 'left', priority: 0, cell: ({ layer, name }) => ({ text: layer ?? name }) },
  op: { title: 'op', align: 'left', priority: 3, cell: ({ op }) => ({ text: op }) },
  macs: {
    title: 'macs',
    align: 'right',
    priority: 2,
    cell: ({ macs }) => (macs === 0 ? nothing : { text: formatCount(macs), value: macs }),
  },
  ms: { title: 'median', align: 'right', priority: 0, cell: ({ ms }) => time(ms) },
  gmacPerSecond: {
    title: 'GMAC/s',
    align: 'right',
    priority: 2,
    cell: node => {
      const speed = speedOf(node);
      return speed === undefined ? nothing : { text: speed.toPrecision(3), value: speed };
    },
  },
  share: {
    title: 'share',
    align: 'left',
    priority: 1,
    cell: (node, { limits }) => {
      const speed = speedOf(node);
      if (speed === undefined) return nothing;
      const roof = rooflineOf(node.macs, node.bytes, limits);
      const value = speed / roof.gmacsPerSecond;
      return { text: `${formatPercent(value)} ${roof.limit}`, value };
    },
  },
  timeShare: {
    title: 'of the time',
    align: 'right',
    priority: 0,
    cell: ({ ms }, { total }) => share(ms / total.ms),
  },
  macsShare: {
    title: 'of the macs',
    align: 'right',
    priority: 1,
    cell: ({ macs }, { total }) => (macs === 0 ? nothing : share(macs / total.macs)),
  },
} as const satisfies Record<string, ColumnOf<MeasuredNode, Whole>>;

function restRow(nodes: readonly MeasuredNode[], total: Totals): Row {
  const ms = nodes.reduce((sum, node) => sum + node.ms, 0);
  const cells: Partial<Record<string, Cell>> = {
    node: { text: `${nodes.length} more, without multiplies` },
    ms: time(ms),
    timeShare: share(ms / total.ms),
  };
  return { role: 'rest', cells: Object.keys(columns).map(key => cells[key] ?? nothing) };
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
