import type { Shape } from '../model/shape.js';
import type { WindowAxis } from '../model/window.js';

/** `568.7 M`, `4.21 M`, `27`: four digits at most; below 10,000 exact. */
export function formatCount(value: number): string {
  if (Math.abs(value) < 10_000) return Number.isInteger(value) ? String(value) : value.toPrecision(4);
  return withUnit(value, 1000, ['', 'k', 'M', 'G', 'T', 'P']);
}

/** `4.59 MiB`. */
export const formatBytes = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : withUnit(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);

function withUnit(value: number, base: number, units: readonly string[]): string {
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= base && unit < units.length - 1) {
    scaled /= base;
    unit++;
  }
  const digits = Math.abs(scaled) >= 100 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${units[unit]}`;
}

/** `568,740,352`. By hand: asking for a locale loads its data, 18 ms of every start. */
export const formatExact = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** `94.86 %`. */
export const formatPercent = (share: number): string => `${(share * 100).toFixed(share < 0.0995 ? 2 : 1)} %`;

/** `0.1150`; what would round to nothing, as `1.15e-7`. */
export function formatRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return '-';
  if (ratio > 0 && ratio < 0.0005) return ratio.toExponential(2);
  return ratio.toFixed(ratio >= 10 ? 2 : 4);
}

/** `1.23 ms`, `45.6 us`. */
export function formatMs(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  if (milliseconds >= 1) return `${milliseconds.toFixed(2)} ms`;
  return `${(milliseconds * 1000).toFixed(1)} us`;
}

/** A value of a feature map: at most five significant digits. */
export const formatValue = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(5)));

/** `3x3 s2 d2`: the kernel, and stride and dilation where they are not 1. */
export function formatWindow(axes: readonly WindowAxis[]): string {
  const sizes = axes.map(axis => axis.kernel).join('x');
  return [sizes, perAxis('s', axes, 'stride'), perAxis('d', axes, 'dilation')].filter(Boolean).join(' ');
}

function perAxis(letter: string, axes: readonly WindowAxis[], key: 'stride' | 'dilation'): string {
  const values: Shape = axes.map(axis => axis[key]);
  if (values.every(value => value === 1)) return '';
  return letter + (values.every(value => value === values[0]) ? values[0] : values.join('x'));
}

/** A bar of eighths of a block, `width` characters for a share of 1. */
export function formatBar(share: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
}

export const plural = (count: number, word: string): string =>
  `${formatExact(count)} ${word}${count === 1 ? '' : 's'}`;
