import { rooflineOf } from '../../timing/roofline.js';
import { relativeTime, summarise } from '../../timing/statistics.js';
import { describeWarning, findWarnings } from '../../timing/warnings.js';
import type { Block, Cell, Column, Document, Row } from '../document.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../format.js';
import type { BenchReport, TimedPart, TimedVariant } from '../report.js';
import { profileBlocks } from './profile.js';

export function benchDocument(report: BenchReport): Document {
  const { source, notes, units, interrupted } = report;
  const warnings = warningLines(report);
  return {
    blocks: [
      { type: 'heading', text: `bench ${source}` },
      { type: 'text', lines: [...notes, limitsLine(report)], tone: 'dim' },
      ...(interrupted
        ? [
            {
              type: 'text',
              lines: ['Interrupted: what follows was measured up to then.'],
              tone: 'warn',
            } as const,
          ]
        : []),
      wholeSheet(report),
      ...(units.length > 0 ? [unitSheet(report)] : []),
      ...verdict(report),
      ...report.profiles.flatMap(profile => profileBlocks(profile, report)),
      ...(warnings.length > 0 ? [{ type: 'text', lines: warnings, tone: 'warn' } as const] : []),
      footnote,
    ],
  };
}

const footnote: Block = {
  type: 'text',
  lines: [
    'Medians of interleaved samples, without packing and compilation. GMAC/s: macs of the dense algorithm, per second; ' +
      'share: part of what one core could reach with 128-bit vectors, limited by its arithmetic (compute) or its memory. Winograd multiplies less than the dense algorithm, and native engines have wider vectors: both may show more than 100 %.',
  ],
  tone: 'dim',
};

function limitsLine({ limits }: BenchReport): string {
  const speeds = limits.bandwidth.map(
    ({ arrayBytes, copyGBPerSecond }) => `${formatBytes(arrayBytes)} ${copyGBPerSecond.toFixed(0)}`,
  );
  return `this machine: ${limits.peakGmacsPerSecond.toFixed(1)} GMAC/s at most; copies GB/s: ${speeds.join(', ')}`;
}

const textColumn = (key: string, title: string, priority: number): Column => ({
  key,
  title,
  align: 'left',
  priority,
});
const numberColumn = (key: string, title: string, priority: number): Column => ({
  key,
  title,
  align: 'right',
  priority,
});

function wholeSheet({ whole }: BenchReport): Block {
  const [first] = whole;
  const columns = [
    textColumn('name', 'whole network', 0),
    numberColumn('macs', 'macs', 2),
    numberColumn('median', 'median', 0),
    numberColumn('mad', '± MAD', 3),
    numberColumn('speed', 'GMAC/s', 2),
    numberColumn('relative', 'time', 1),
  ];
  const rows = whole.map((variant): Row => {
    const { name, macs, times } = variant;
    if (times.length === 0) return { cells: [{ text: name }, ...columns.slice(1).map(() => ({ text: '' }))] };
    const { median, mad } = summarise(times);
    return {
      cells: [
        { text: name },
        { text: formatCount(macs), value: macs },
        { text: formatMs(median), value: median },
        { text: formatMs(mad), value: mad },
        { text: speedText(macs, median), value: macs / median / 1e6 },
        relativeCell(variant, first!),
      ],
    };
  });
  return { type: 'sheet', sheet: { columns, rows } };
}

/** A row a layer or pair: its time in every variant, and how near that is to what the machine could do. */
function unitSheet({ whole, units, limits }: BenchReport): Block {
  const names = whole.map(({ name }) => name);
  const columns: Column[] = [
    textColumn('name', 'layer', 0),
    numberColumn('macs', 'macs', 3),
    ...names.flatMap(name => [
      numberColumn(`${name} ms`, name, 0),
      numberColumn(`${name} GMAC/s`, 'GMAC/s', 2),
      textColumn(`${name} share`, 'share', 1),
    ]),
    ...names
      .slice(1)
      .map(name => numberColumn(`${name} relative`, names.length > 2 ? `time, ${name}` : 'time', 1)),
    textColumn('kernels', 'kernels', 5),
  ];
  const rows = units.map(({ name, variants }): Row => {
    const of = (variant: string) => variants.find(each => each.name === variant);
    return {
      cells: [
        { text: name },
        { text: [...new Set(variants.map(({ macs }) => formatCount(macs)))].join(' | ') },
        ...names.flatMap(variant => partCells(of(variant), limits)),
        ...names.slice(1).map(variant => relativeCell(of(variant), variants[0]!)),
        { text: variants.map(({ kernels }) => kernels.map(shortKernel).join(' + ')).join(' | ') },
      ],
    };
  });
  return { type: 'sheet', sheet: { columns, rows } };
}

function partCells(part: TimedPart | undefined, limits: BenchReport['limits']): readonly Cell[] {
  if (!part || part.times.length === 0) return [{ text: '' }, { text: '' }, { text: '' }];
  const { macs, bytes, times } = part;
  const { median } = summarise(times);
  const roof = rooflineOf(macs, bytes, limits);
  const share = macs / median / 1e6 / roof.gmacsPerSecond;
  return [
    { text: formatMs(median), value: median },
    { text: speedText(macs, median), value: macs / median / 1e6 },
    { text: `${formatPercent(share)} ${roof.limit}`, value: share },
  ];
}

/** `0.42 ± 0.01`: this time over the first one's. */
function relativeCell(variant: TimedVariant | undefined, first: TimedVariant): Cell {
  if (!variant || variant.times.length === 0) return { text: '' };
  if (variant === first) return { text: '1', value: 1 };
  const { ratio, error } = relativeTime(variant.times, first.times);
  return {
    text: `${ratio.toFixed(2)} ± ${error.toFixed(2)}`,
    value: ratio,
    tone: ratio < 1 ? 'good' : 'bad',
  };
}

/** Whether fewer multiplies are really faster here. */
function verdict({ whole }: BenchReport): readonly Block[] {
  const [first, ...others] = whole.filter(({ times }) => times.length > 0);
  if (!first || others.length === 0) return [];
  const lines = others.map(({ name, macs, times }) => {
    const { ratio, error } = relativeTime(times, first.times);
    const speed = ratio < 1 ? `${(1 / ratio).toFixed(2)} times faster` : `${ratio.toFixed(2)} times slower`;
    const part =
      macs === first.macs ? 'as many multiplies' : `${(macs / first.macs).toFixed(4)} of the multiplies`;
    return `${name} against ${first.name}: ${speed} (${ratio.toFixed(3)} ± ${error.toFixed(3)} of the time), with ${part}`;
  });
  return [{ type: 'text', lines }];
}

const mostWarnings = 5;

function warningLines({ whole, units }: BenchReport): readonly string[] {
  const all = [
    ...whole.flatMap(({ name, times }) => findWarnings(`${name}, whole network`, times)),
    ...units.flatMap(unit =>
      unit.variants.flatMap(({ name, times }) => findWarnings(`${unit.name}, ${name}`, times)),
    ),
  ].map(warning => `warning: ${describeWarning(warning)}`);
  return all.length > mostWarnings
    ? [...all.slice(0, mostWarnings), `and ${all.length - mostWarnings} more of these`]
    : all;
}

const speedText = (macs: number, ms: number): string =>
  ms === 0 || macs === 0 ? '' : (macs / ms / 1e6).toPrecision(3);
const shortKernel = (kernel: string): string => kernel.replace(/^f32-/, '').replace(/-wasmsimd$/, '');
