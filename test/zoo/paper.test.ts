import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { compareFigure } from '../../src/report/papers/compare.js';
import { paperReport } from '../../src/report/papers/index.js';
import type { PaperFact, PaperQuantity } from '../../src/report/report.js';
import { published, publishedOf } from '../../src/zoo/published.js';
import { formatZooName, parseZooName, zooNetwork } from '../../src/zoo/zoo-name.js';

const { tables } = paperReport('mobilenet-v1');
const tableOf = (number: number) => tables.find(table => table.number === number)!;
const factOf = (facts: readonly PaperFact[], quantity: PaperQuantity) =>
  facts.find(fact => fact.quantity === quantity);

describe("the MobileNet paper's tables", () => {
  it('are all nine', () => {
    expect(tables.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('table 1 differs in the last depthwise stride alone', () => {
    const differing = tableOf(1).rows.filter(({ facts }) => facts.some(({ agrees }) => !agrees));
    expect(differing).toHaveLength(1);
    expect(differing[0]!.facts[0]).toMatchObject({
      theirs: 'Conv dw / s2 3x3x1024 dw',
      ours: 'Conv dw / s1 3x3x1024 dw',
    });
    expect(differing[0]!.notes).toEqual([
      'Its s2 cannot be: the next row reads 7x7x1024, as this one does. Ours is s1.',
    ]);
    const macs = tableOf(1).rows.reduce((sum, row) => sum + Number(factOf(row.facts, 'macs')?.ours), 0);
    expect(macs).toBe(568_740_352);
  });

  it('table 2 differs in the share of the first convolution, and in the params of the FC bias', () => {
    const [, , conv, fc] = tableOf(2).rows;
    expect(factOf(conv!.facts, 'macShare')).toMatchObject({ theirs: '1.19', agrees: false });
    expect(factOf(conv!.facts, 'macShare')?.ours).toBeCloseTo(0.0191, 4);
    expect(conv!.notes[0]).toContain('99.29 %');
    expect(fc!.notes).toEqual(['Theirs leave out the 1000 biases of the FC: 24.33 % without them.']);
  });

  it.each([
    // table, label, quantity, ours
    [3, 'Convolution', 'macs', 462_422_016],
    [3, 'Depthwise separable', 'macs', 52_283_392],
    [3, 'Depthwise separable', 'params', 266_752],
    [3, 'width 0.75', 'macs', 29_578_752],
    [3, 'resolution 0.714', 'macs', 15_091_200],
    [6, '0.25 MobileNet-224', 'macs', 41_030_272],
    [7, '1.0 MobileNet-128', 'macs', 186_400_768],
    [9, '0.50 MobileNet-160', 'macs', 76_524_800],
  ] as const)('table %i, %s: %s', (number, label, quantity, ours) => {
    const row = tableOf(number).rows.find(each => each.label === label)!;
    expect(factOf(row.facts, quantity)).toMatchObject({ ours, agrees: true });
  });

  it('every difference is explained, and nothing else is', () => {
    for (const { number, rows } of tables) {
      for (const { label, facts, notes } of rows) {
        const differs = facts.some(({ agrees }) => !agrees);
        expect(notes.length > 0, `table ${number}, ${label}`).toBe(differs);
      }
    }
    const [standard] = tableOf(4).rows;
    expect(standard!.notes).toEqual(['Theirs leave out the FC: 4,866.3 M without its 1.0 M.']);
    expect(tables.slice(4, 7).flatMap(({ rows }) => rows.flatMap(({ notes }) => notes))).toEqual([]);
  });

  it('an unknown paper is refused with what may be meant', () => {
    expect(() => paperReport('mobilenet-v2')).toThrow("Did you mean 'mobilenet-v1'?");
    expect(() => paperReport('constructor')).toThrow('There are no tables of "constructor".');
  });
});

it.each([
  // printed, ours, whether a rounding or a cut gives it
  ['569', 568_740_352, true],
  ['418', 418_121_728, true],
  ['290', 290_675_200, true],
  ['4866', 4_867_293_184, false],
  ['0.5', 464_600, true],
  ['0.4', 464_600, true],
  ['0.6', 464_600, false],
])('%s M against %i', (theirs, ours, agrees) => {
  expect(compareFigure('macs', theirs, ours).agrees).toBe(agrees);
});

describe('published figures', () => {
  it('are filed under the shortest name of a network of the zoo', () => {
    for (const name of Object.keys(published)) {
      expect(formatZooName(parseZooName(`zoo:${name}`))).toBe(name);
    }
  });

  it('are found however the name is written', () => {
    expect(publishedOf('zoo:mobilenet-v1,resolution=160,width=0.50')).toMatchObject({ top1: '60.2' });
    expect(publishedOf('zoo:mobilenet-v1,width=0.33')).toBeUndefined();
    expect(publishedOf('@56 conv3x3 64-128')).toBeUndefined();
  });

  it('are numbers, and near to what we count', () => {
    for (const [name, { macsM, paramsM, top1 }] of Object.entries(published)) {
      const { totals } = countNetwork(zooNetwork(`zoo:${name}`));
      const near = (theirs: string | undefined, ours: number) =>
        theirs === undefined ? 0 : Math.abs(Math.log2(Number(theirs) / ours));
      // SqueezeNet's 1700 M is twice ours; all others agree within a fifth.
      const most = name === 'squeezenet-1.0' ? 1.1 : 0.25;
      expect(near(macsM, totals.macs / 1e6), name).toBeLessThan(most);
      expect(near(paramsM, totals.params / 1e6), name).toBeLessThan(0.25);
      expect(Number(top1)).toBeGreaterThan(50);
    }
  });
});
