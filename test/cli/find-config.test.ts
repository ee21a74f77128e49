import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of the disk with these files, and the network that all configs here name. */
function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
  folders.push(folder);
  for (const [path, text] of Object.entries({
    'net.yaml': 'input: 8x8x4\nlayers: [conv3x3 8]\n',
    ...files,
  })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** 18,432 macs are within, or one too many. */
const yaml = (most: number) => `budgets:\n  - model: net.yaml\n    max: { macs: ${most} }\n`;
const json = (most: number) => JSON.stringify({ budgets: [{ model: 'net.yaml', max: { macs: most } }] });
const wrapped = (most: number) => `{ "name": "x",\n  "convcost": ${json(most)} }`;

describe('the places of a config', () => {
  it.each<[string, string]>([
    ['convcost.config.yaml', yaml(18_431)],
    ['convcost.config.yml', yaml(18_431)],
    ['convcost.config.json', json(18_431)],
    ['convcost.config.js', `export default ${json(18_431)}`],
    ['convcost.config.mjs', `export default ${json(18_431)}`],
    ['package.json', wrapped(18_431)],
  ])('%s', async (name, text) => {
    const files = name.endsWith('.js')
      ? { 'package.json': '{"type": "module"}', [name]: text }
      : { [name]: text };
    const { code, stdout } = await convcost(['check'], { folder: aFolder(files) });
    expect(code).toBe(1);
    expect(stdout).toContain(`the limit: ${name}:`);
  });

  it.each<[string, Readonly<Record<string, string>>, string, number]>([
    ['package.json goes first', { 'package.json': wrapped(1), 'convcost.config.yaml': yaml(1e6) }, '', 1],
    [
      'one without the key is passed over',
      { 'package.json': '{}', 'convcost.config.yaml': yaml(1e6) },
      '',
      0,
    ],
    ['so is a broken one', { 'package.json': '{', 'convcost.config.yaml': yaml(1e6) }, '', 0],
    [
      'the nearest wins',
      { 'convcost.config.yaml': yaml(1), 'sub/convcost.config.yaml': 'budgets: [{ model: ../net.yaml }]' },
      'sub',
      0,
    ],
    ['one above is found', { 'convcost.config.yaml': yaml(1), 'sub/a.txt': '' }, 'sub', 1],
    ['an empty one is a mistake', { 'convcost.config.yaml': '' }, '', 2],
  ])('%s', async (_, files, below, code) => {
    expect((await convcost(['check'], { folder: join(aFolder(files), below) })).code).toBe(code);
  });

  it('an update from below writes beside the config', async () => {
    const folder = join(aFolder({ 'convcost.config.yaml': yaml(1e6), 'sub/a.txt': '' }), 'sub');
    expect((await convcost(['check', '--update'], { folder })).stdout).toContain(
      'wrote ../.convcost/baseline.json',
    );
  });

  it('a program that fails is told with its reason, and what exports nothing as nothing', async () => {
    const folder = aFolder({
      'a.mjs': 'throw new Error("no such luck")',
      'b.mjs': '',
      'c.mjs': 'export default () => 1',
    });
    const told = async (name: string) => (await convcost(['check', '--config', name], { folder })).stderr;
    expect(await told('a.mjs')).toContain('"a.mjs" failed while it was loaded: no such luck');
    expect(await told('b.mjs')).toContain('holds nothing');
    expect(await told('c.mjs')).toContain('holds a function');
  });
});

it('globs find files below, but none of node_modules', async () => {
  const folder = aFolder({
    'convcost.config.yaml': 'budgets: [{ model: "**/*.yml" }]',
    'm/a.yml': 'input: 8x8x4\nlayers: [conv3x3 8]\n',
    'm/deep/b.yml': 'input: 8x8x4\nlayers: [conv3x3 8]\n',
    'node_modules/x/c.yml': 'not read',
  });
  const { stdout } = await convcost(['check', '--format', 'json'], { folder });
  expect(JSON.parse(stdout).models.map(({ model }: { model: string }) => model)).toEqual([
    'm/a.yml',
    'm/deep/b.yml',
  ]);
});
