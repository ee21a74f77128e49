import { describe, expect, it } from 'vitest';
import { escapeCsv } from '../../src/report/csv.js';
import { escapeMarkdown } from '../../src/report/markdown.js';
import { convcost } from '../fake-host.js';
import { parseCsv } from './csv-reader.js';
import { hostileNames, rawControls } from './hostile-names.js';

/** Names from files are data, in whatever form they come out. */
const names = Object.values(hostileNames);
const files = {
  'hostile.json': JSON.stringify({
    name: '=network | `x` <b>\u001b[31m',
    input: '8x8x3',
    layers: names.map(name => ({ op: 'conv', name, kernel: 3, out: 3 })),
  }),
};
const render = async (command: string, format: string) => {
  const { code, stdout, stderr } = await convcost([command, 'hostile.json', '--format', format], { files });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe.each(['count', 'compare', 'explain'])('hostile names in %s', command => {
  it.each(['table', 'markdown', 'json', 'ndjson', 'csv'])(
    'as %s hold no control characters',
    async format => {
      expect(await render(command, format)).not.toMatch(rawControls);
    },
  );
});

describe('hostile names', () => {
  it('take one line each in a table', async () => {
    const lines = (await render('count', 'table')).split('\n');
    const first = lines.findIndex(line => line.startsWith('layer'));
    const last = lines.findIndex(line => line.startsWith('total'));
    expect(last - first - 1).toBe(names.length);
  });

  it.each(['json', 'ndjson'])('come out of %s as they went in', async format => {
    const text = await render('count', format);
    const found =
      format === 'json'
        ? JSON.parse(text).networks[0].layers
        : text
            .trimEnd()
            .split('\n')
            .map(line => JSON.parse(line))
            .filter(({ type }) => type === 'layer');
    expect(found.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it('stay in their field of CSV, and no field is a formula', async () => {
    const [heading, ...rows] = parseCsv(await render('count', 'csv'));
    expect(rows.length).toBe(names.length);
    for (const row of rows) {
      expect(row.length).toBe(heading!.length);
      for (const field of row)
        expect(Number.isNaN(Number(field)) ? field : '').not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    }
  });

  it('stay in their cell of Markdown', async () => {
    const table = (await render('count', 'markdown')).split('\n').filter(line => line.startsWith('|'));
    expect(table.length).toBe(names.length + 3);
    const bars = table.map(line => (line.match(/(?<!\\)(?:\\\\)*\|/g) ?? []).length);
    expect(new Set(bars).size).toBe(1);
  });
});

describe('one routine per form', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=1+1', "'=1+1"],
    ['-1', "'-1"],
    ['a\nb', 'a\\u000ab'],
    ['\t=1', '\\u0009=1'],
  ])('CSV: %j as %j', (text, field) => {
    expect(escapeCsv(text)).toBe(field);
  });

  it.each([
    ['block1/conv3x3-2.dw', 'block1/conv3x3-2.dw'],
    ['conv_1', 'conv\\_1'],
    ['a|b', 'a\\|b'],
    ['<b>&', '&lt;b>\\&'],
    ['> not a quote', '\\> not a quote'],
    ['[x](y)', '\\[x\\](y)'],
    ['`x`', '\\`x\\`'],
    ['# not a heading', '\\# not a heading'],
    ['- not an item', '\\- not an item'],
    ['1. not an item', '1\\. not an item'],
    ['http://a.b', 'http&#58;//a.b'],
    ['@someone', '&#64;someone'],
    ['a\u001bb', 'a\\\\u001bb'],
  ])('Markdown: %j as %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe.each([
  'compare hostile.json --rewrite separable,spatial',
  'compare hostile.json --algorithms',
  'count hostile.json --columns memory --rewrite ir',
  'count hostile.json --explain-convention',
])('%s', line => {
  it.each(['table', 'markdown', 'json', 'ndjson', 'csv'])(
    'as %s holds no control characters',
    async format => {
      const { code, stdout } = await convcost([...line.split(' '), '--format', format], { files });
      expect(code).toBe(0);
      expect(stdout).not.toMatch(rawControls);
    },
  );
});
