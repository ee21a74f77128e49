import { rooflineOf } from '../../timing/roofline.js';
import { median, medianAbsoluteDeviation, relativeTime } from '../../timing/statistics.js';
import { describeWarning, findWarnings } from '../../timing/warnings.js';
import { type ItemColumn, sheetOfItems } from '../columns.js';
import type { Block, Cell, Column, Document } from '../document.js';
import { formatBytes, formatCount, formatPercent } from '../format.js';
import type { BenchReport, TimedPart, TimedUnit, TimedVariant } from '../report.js';
import { profileBlocks } from './profile.js';
import { time } from './run-columns.js';

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

type CellOf<Item> = (item: Item) => Cell;

const columnAligned =
  (align: Column['align']) =>
  <Item>(key: string, title: string, priority: number, cell: CellOf<Item>): ItemColumn<Item> => ({
    key,
    title,
    align,
    priority,
    cell,
  });
const textColumn = columnAligned('left');
const numberColumn = columnAligned('right');

const wholeSheet = ({ whole }: BenchReport): Block => ({
  type: 'sheet',
  sheet: sheetOfItems<TimedVariant>(
    [
      textColumn('name', 'whole network', 0, ({ name }) => ({ text: name })),
      numberColumn('macs', 'macs', 2, timed(macsCell)),
      numberColumn('median', 'median', 0, timed(medianCell)),
      numberColumn('mad', '± MAD', 3, timed(madCell)),
      numberColumn('speed', 'GMAC/s', 2, timed(speedCell)),
      numberColumn('relative', 'time', 1, variant => relativeCell(variant, whole[0]!)),
    ],
    whole,
  ),
});

/** A row a layer or pair: its time in every variant, and how near that is to what the machine could do. */
function unitSheet({ whole, units, limits }: BenchReport): Block {
  const names = whole.map(({ name }) => name);
  const partOf = ({ variants }: TimedUnit, name: string) => variants.find(each => each.name === name);
  const columns: readonly ItemColumn<TimedUnit>[] = [
    textColumn('name', 'layer', 0, ({ name }) => ({ text: name })),
    numberColumn('macs', 'macs', 3, ({ variants }) => ({
      text: [...new Set(variants.map(({ macs }) => formatCount(macs)))].join(' | '),
    })),
    ...names.flatMap(name => {
      const ofPart = (cell: CellOf<TimedPart>) => (unit: TimedUnit) => timed(cell)(partOf(unit, name));
      return [
        numberColumn(`${name} ms`, name, 0, ofPart(medianCell)),
        numberColumn(`${name} GMAC/s`, 'GMAC/s', 2, ofPart(speedCell)),
        textColumn(`${name} share`, 'share', 1, ofPart(shareCell(limits))),
      ];
    }),
    ...names.slice(1).map(name => {
      const title = names.length > 2 ? `time, ${name}` : 'time';
      const cell = (unit: TimedUnit) => relativeCell(partOf(unit, name), unit.variants[0]!);
      return numberColumn(`${name} relative`, title, 1, cell);
    }),
    textColumn('kernels', 'kernels', 5, ({ variants }) => ({
      text: variants.map(({ kernels }) => kernels.map(shortKernel).join(' + ')).join(' | '),
    })),
  ];
  return { type: 'sheet', sheet: sheetOfItems(columns, units) };
}

/** Of what was never timed there is nothing to show. */
const timed =
  <Variant extends TimedVariant>(cell: CellOf<Variant>): CellOf<Variant | undefined> =>
  variant =>
    variant && variant.times.length > 0 ? cell(variant) : { text: '' };

const macsCell = ({ macs }: TimedVariant): Cell => ({ text: formatCount(macs), value: macs });
const madCell = ({ times }: TimedVariant): Cell => time(medianAbsoluteDeviation(times));
const medianCell = ({ times }: TimedVariant): Cell => time(median(times));

const gmacsPerSecond = ({ macs, times }: TimedVariant): number => macs / median(times) / 1e6;

function speedCell(variant: TimedVariant): Cell {
  const speed = gmacsPerSecond(variant);
  return { text: speed > 0 && Number.isFinite(speed) ? speed.toPrecision(3) : '', value: speed };
}

const shareCell =
  (limits: BenchReport['limits']): CellOf<TimedPart> =>
  part => {
    const roof = rooflineOf(part.macs, part.bytes, limits);
    const share = gmacsPerSecond(part) / roof.gmacsPerSecond;
    return { text: `${formatPercent(share)} ${roof.limit}`, value: share };
  };

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

const shortKernel = (kernel: string): string => kernel.replace(/^f32-/, '').replace(/-wasmsimd$/, '');
