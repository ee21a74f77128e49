import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lowerings } from '../../../src/formats/onnx/lower.js';
import { shapeRules } from '../../../src/formats/onnx/shapes/index.js';

const page = readFileSync(new URL('../../../docs/onnx.md', import.meta.url), 'utf8');

/** The operators that a section of the page lists in its table. */
function listed(heading: string, column: number): string[] {
  const section = page.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  const rows = section.split('\n').filter(line => /^\| (?!---)/.test(line));
  return rows.slice(1).flatMap(row =>
    row
      .split('|')
      [column]!.split(',')
      .map(op => op.trim()),
  );
}

const withVerdict = (isCounted: boolean) =>
  Object.keys(lowerings).filter(op => lowerings[op]?.isCounted === isCounted);

it('the page lists the op table: what is counted, and what is free', () => {
  expect(listed('Counted', 1).sort()).toEqual(withVerdict(true).sort());
  expect(listed('Free', 2).sort()).toEqual(withVerdict(false).sort());
});

it('every operator that is counted or free has a shape rule', () => {
  expect(Object.keys(lowerings).sort()).toEqual(Object.keys(shapeRules).sort());
});
