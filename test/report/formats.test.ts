import { describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';
import { parseCsv } from './csv-reader.js';

const network = '@56x56x16 conv3x3 32 s2 relu6 sep3x3 64 gap fc 10';
const words = (line: string) => line.split(' ');
const run = async (line: string) => {
  const { code, stdout, stderr } = await convcost(words(line));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};
const jsonOf = async (line: string) => JSON.parse(await run(`${line} --format json`));
const linesOf = async (line: string) =>
  (await run(`${line} --format ndjson`))
    .trimEnd()
    .split('\n')
    .map(text => JSON.parse(text));
const rowsOf = async (line: string) => parseCsv(await run(`${line} --format csv`));

describe('csv', () => {
  it('has a row for every layer, element-wise ones too, and the numbers of JSON', async () => {
    const [heading, ...rows] = await rowsOf(`count ${network}`);
    const { layers } = (await jsonOf(`count ${network}`)).networks[0];
    expect(rows.length).toBe(layers.length);
    const numbers = [
      'macs',
      'macsInBounds',
      'params',
      'biasAdds',
      'activationBytes',
      'trafficBytes',
      'macsPerByte',
    ];
    rows.forEach((row, i) => {
      const fields = Object.fromEntries(heading!.map((key, column) => [key, row[column]]));
      expect(fields).toMatchObject({ name: layers[i].name, op: layers[i].op, flavor: layers[i].flavor });
      for (const key of numbers) expect(Number(fields[key]), key).toBe(layers[i][key]);
    });
  });

  it('names the network of each row where there are several', async () => {
    const text = (await convcost(['count', '@8 conv3x3 3-4', '@8 pw 3-4', '--format', 'csv'])).stdout;
    const [heading, ...rows] = parseCsv(text);
    expect(heading!.slice(0, 2)).toEqual(['network', 'name']);
    expect(rows.map(row => row.slice(0, 2))).toEqual([
      ["'@8 conv3x3 3-4", 'conv1'],
      ["'@8 pw 3-4", 'pw1'],
    ]);
  });

  it('of a comparison and of an explanation is the table of convolutions, both ways', async () => {
    const header = [
      'name',
      'channels',
      'kernel',
      'standard',
      'depthwise',
      'pointwise',
      'separable',
      'ratio',
      'law',
    ];
    const explained = await rowsOf('explain conv3x3 3-256');
    expect(explained[0]).toEqual(header);
    expect(explained[1]!.slice(0, 7)).toEqual(['conv1', '3-256', '3x3', '6912', '27', '768', '795']);
    expect(Number(explained[1]![7])).toBeCloseTo(1 / 256 + 1 / 9, 15);
    expect((await rowsOf(`compare ${network}`))[0]).toEqual(header);
    expect((await rowsOf(`compare ${network}`)).length).toBe(2);
  });

  it('of a run is a row for each step, numbers raw', async () => {
    const [heading, ...rows] = await rowsOf('run @8x8x3 sep3x3 4 --engine reference');
    expect(heading).toEqual(
      'name,kernel,output,macs,multiplies,medianMs,madMs,gmacPerSecond,maxRelError'.split(','),
    );
    expect(rows.map(row => row.slice(0, 5))).toEqual([
      ['sep1.dw', 'reference-conv', '1x8x8x3', '1728', String(22 * 22 * 3)],
      ['sep1.pw', 'reference-conv', '1x8x8x4', '768', '768'],
    ]);
  });
});

describe('ndjson', () => {
  it('has a line for every layer, as JSON has it, and one of totals for every network', async () => {
    const lines = await linesOf(`count ${network}`);
    const json = (await jsonOf(`count ${network}`)).networks[0];
    const { layers, totals, coverage } = json;
    expect(lines.slice(0, -1)).toEqual(layers.map((layer: object) => ({ type: 'layer', network, ...layer })));
    expect(lines.at(-1)).toMatchObject({
      type: 'totals',
      network,
      ...totals,
      coverage,
      convention: 'convcost',
    });
  });

  it.each([
    [`compare ${network}`, ['layer', 'totals']],
    ['explain conv3x3 3-256', ['layer']],
    ['run @4x4x2 conv3x3 3', ['layer', 'totals']],
  ])('of %s', async (line, types) => {
    expect((await linesOf(line)).map(({ type }) => type)).toEqual(types);
  });

  it('of several networks is a line each, the ratio to the first', async () => {
    const { stdout } = await convcost(['compare', '@8 conv3x3 4-4', '@8 dw3x3 4-4', '--format', 'ndjson']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(text => JSON.parse(text));
    expect(lines.map(({ type, ratio, macs }) => ({ type, ratio, macs }))).toEqual([
      { type: 'totals', ratio: 1, macs: 9216 },
      { type: 'totals', ratio: 0.25, macs: 2304 },
    ]);
  });
});

describe('markdown', () => {
  it('is a table that says what the table for a terminal says', async () => {
    expect(await run(`count ${network} --format markdown`)).toMatchInlineSnapshot(`
      "### &#64;56x56x16 conv3x3 32 s2 relu6 sep3x3 64 gap fc 10

      | layer     | kind      | kernel | output   |       macs |     share |          |   params |
      | --------- | --------- | ------ | -------- | ---------: | --------: | -------- | -------: |
      | conv1     | standard  | 3x3 s2 | 28x28x32 |     3.61 M |    66.4 % | ████████ |     4608 |
      | sep1.dw   | depthwise | 3x3    | 28x28x32 |    225.8 k |    4.15 % | ▌        |      288 |
      | sep1.pw   | pointwise | 1x1    | 28x28x64 |     1.61 M |    29.5 % | ███▌     |     2048 |
      | gap1      | gap       |        | 1x1x64   |            |           |          |          |
      | fc1       | matmul    |        | 10       |        640 |    0.01 % |          |      650 |
      | **total** |           |        |          | **5.44 M** | **100 %** |          | **7594** |

      5,444,736 macs: standard 66.4 %, pointwise 29.5 %, depthwise 4.15 %, matmul 0.01 %\\
      7,594 params (29.66 KiB stored); live activations peak at 294.0 KiB

      coverage: 4 layers counted, 2 free by convention (1 element-wise not shown), none unknown\\
      macs: multiply-accumulates of the dense algorithm, padding included, batch as shown (convention: convcost); FLOPs would be 2 x macs.
      "
    `);
  });

  it('makes lists of indented lines', async () => {
    const text = await run('explain conv3x3 3-256 --format markdown');
    expect(text).toContain(
      '\nTogether\n\n- Depthwise separable: 27 + 768 = 795 multiplies; standard: 6,912.\n',
    );
  });
});

describe('--output', () => {
  it.each(['markdown', 'ndjson', 'csv'])('writes %s as it would be printed', async format => {
    const line = `count ${network} --format ${format}`;
    const { stdout, written } = await convcost(words(`${line} --output report.txt`));
    expect(stdout).toBe('');
    expect(written.get('report.txt')).toBe(await run(line));
  });
});
