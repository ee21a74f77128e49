import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/report/document.js';
import type { ModelProfile, ProfiledNode } from '../../src/report/report.js';
import { profileBlocks } from '../../src/report/views/profile.js';

const limits = { gmacsPerSecond: {}, peakGmacsPerSecond: 20, bandwidth: [] };

const node = (name: string, ms: number, macs = 0): ProfiledNode => ({
  name,
  op: macs > 0 ? 'Conv' : 'Reshape',
  layer: macs > 0 ? `layer ${name}` : undefined,
  macs,
  bytes: 1,
  kernels: [],
  times: [ms, ms, ms],
});

const blocksOf = (nodes: readonly ProfiledNode[], missed: readonly string[] = [], forms = 1) => {
  const profile: ModelProfile = { name: 'peer', nodes, missed };
  return profileBlocks(profile, { limits, profiles: Array.from({ length: forms }, () => profile) });
};
const rowsOf = (blocks: readonly Block[]) =>
  blocks.flatMap(block =>
    block.type === 'sheet' ? block.sheet.rows.map(({ cells }) => cells.map(({ text }) => text)) : [],
  );
const linesOf = (blocks: readonly Block[]) =>
  blocks.flatMap(block => (block.type === 'text' ? block.lines : []));

describe('a profile', () => {
  it('says of each node its speed, its share of the roofline, of the time and of the macs', () => {
    const [first] = rowsOf(blocksOf([node('a', 1, 10e6), node('b', 3, 30e6)]));
    expect(first).toEqual([
      'layer a',
      'Conv',
      '10.00 M',
      '1.00 ms',
      '10.0',
      '50.0 % compute',
      '25.0 %',
      '25.0 %',
    ]);
  });

  it('folds what takes next to no time, and keeps what takes some', () => {
    const rows = rowsOf(blocksOf([node('a', 10, 1e6), node('x', 0.01), node('y', 0.02), node('z', 1)]));
    expect(rows.map(([name]) => name)).toEqual(['layer a', 'z', '2 more, without multiplies']);
  });

  it.each([
    // its time, its macs; another one has 10 ms and 100 M
    [10, 10e6, 'slow for its multiplies: 5.5 times the average'],
    [11, 100e6, 'in line with its multiplies'],
    [11, 900e6, 'fast for its multiplies'],
    [11, 0, 'without multiplies'],
  ])('%d ms for %d macs: %s', (ms, macs, says) => {
    expect(linesOf(blocksOf([node('own', ms, macs), node('other', 10, 100e6)])).join('\n')).toContain(says);
  });

  it('names layers for which no node was found', () => {
    expect(linesOf(blocksOf([node('a', 1, 1e6)], ['b', 'c', 'd', 'e'])).at(-1)).toBe(
      'no node was found for 4 layers: b, c, d, ...',
    );
  });

  it('of several forms has no tables, and of an interrupted run nothing', () => {
    expect(rowsOf(blocksOf([node('a', 1, 1e6)], [], 2))).toEqual([]);
    expect(blocksOf([{ ...node('a', 1, 1e6), times: [] }])).toEqual([]);
  });
});
