import { describe, expect, it } from 'vitest';
import { convcost, type FakeRun } from '../fake-host.js';
import { workflowCommands } from './workflow-commands.js';
import { parseXml } from './xml.js';

const hostile = 'x%0A::error::';
/** Layers whose names are meant for the log, the page and the report. */
const names = [
  hostile,
  '::set-output name=a::b',
  '##[set-env name=PATH;]x',
  '<script>alert(1)</script>|@everyone',
  '"]]>&\u0000\u001b[31m',
  '_bold_`code`#1 https://example.org',
  'line\nbreak\r::error::owned',
];
const network = JSON.stringify({
  input: '8x8x4',
  layers: names.map(name => ({ op: 'conv', kernel: 3, out: 4, name })),
});

const config = 'budgets:\n  - model: "*.json"\n    max: { macs: 1k }\n    perLayer: { macs: 1k }\n';
const files = { 'convcost.config.yaml': config, 'n.json': network };

const check = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<FakeRun> =>
  convcost(['check', ...args], { files, env });

describe('github', () => {
  it('marks the lines of the budgets, at most ten, the worst first', async () => {
    const many = { ...files, 'm.json': network, 'o.json': network };
    const { stdout, code } = await convcost(['check', '--reporter', 'github'], { files: many });
    const found = workflowCommands(stdout);
    expect(code).toBe(1);
    expect(found).toHaveLength(10);
    expect(found[0]).toMatchObject({
      command: 'error',
      properties: { file: 'convcost.config.yaml', line: '3', col: '12', title: 'convcost: over-budget' },
    });
    expect(found[0]!.data).toContain('macs is 64,512, over the limit of 1k by 63,512');
    expect(found.every(({ command }) => command === 'error')).toBe(true);
  });

  it.each([
    ['github', ['--reporter', 'github']],
    ['table', ['--reporter', 'table']],
    ['json', ['--format', 'json']],
    ['junit', ['--reporter', 'junit']],
    ['gitlab', ['--reporter', 'gitlab']],
    ['markdown', ['--reporter', 'markdown']],
  ])('names of layers give the runner no command of their own: %s', async (_, args) => {
    const { stdout, stderr } = await check(args, { GITHUB_ACTIONS: 'true' });
    const found = workflowCommands(`${stdout}\n${stderr}`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(10);
    for (const { command, properties } of found) {
      expect(command).toBe('error');
      expect(properties['file']).toBe('convcost.config.yaml');
    }
  });

  it('a hostile name arrives as the text it is', async () => {
    const { stdout } = await check(['--reporter', 'github']);
    expect(workflowCommands(stdout).some(({ data }) => data.includes(`macs of layer ${hostile} is`))).toBe(
      true,
    );
  });

  it('nor do names in a count, or in an error', async () => {
    const log = await convcost(['count', 'n.json'], { files });
    expect(workflowCommands(log.stdout)).toEqual([]);
    const error = await convcost(['count', '::error::x conv3x3'], { files });
    expect(error.code).toBe(2);
    expect(workflowCommands(error.stderr)).toEqual([]);
  });

  it('joins by itself in a workflow, beside the table, and writes the summary', async () => {
    const { stdout, written } = await check([], {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: 'summary.md',
    });
    expect(stdout).toContain('check FAILED');
    expect(workflowCommands(stdout).length).toBeGreaterThan(0);
    expect(written.get('summary.md')).toContain('### check FAILED');
    expect(workflowCommands((await check([])).stdout)).toEqual([]);
  });

  it('names files from the root of the repository', async () => {
    const env = { GITHUB_WORKSPACE: '/ci/repo', PWD: '/ci/repo/packages/net' };
    const { stdout } = await check(['--reporter', 'github'], env);
    expect(workflowCommands(stdout)[0]!.properties['file']).toBe('packages/net/convcost.config.yaml');
  });

  it('leaves stdout to a report for programs', async () => {
    const { stdout, stderr } = await check(['--format', 'json'], { GITHUB_ACTIONS: 'true' });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'check', verdict: 'failed' });
    expect(workflowCommands(stderr).length).toBeGreaterThan(0);
  });
});

describe('junit', () => {
  it('is XML with a case a limit, and every failure in it', async () => {
    const { written, code } = await check(['--reporter', 'table', '--reporter', 'junit=report.xml']);
    expect(code).toBe(1);
    const root = parseXml(String(written.get('report.xml')));
    const [suite] = root.children;
    expect(root).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '8', failures: '8', errors: '0' },
    });
    expect(suite).toMatchObject({ name: 'testsuite', attributes: { name: 'n.json', tests: '8' } });
    expect(suite!.children.map(({ name }) => name)).toEqual(Array(8).fill('testcase'));
    for (const name of ['::set-output name=a::b', '<script>alert(1)</script>|@everyone']) {
      const found = suite!.children.find(({ attributes }) => attributes['name']!.includes(name));
      expect(found?.children[0]).toMatchObject({ name: 'failure', attributes: { type: 'over-budget' } });
    }
  });

  it('a warning is told and no failure; a missed budget is one', async () => {
    const text = 'budgets:\n  - { model: n.json, level: warn, max: { macs: 1k } }\n  - model: gone.json\n';
    const { stdout } = await convcost(['check', '--reporter', 'junit'], {
      files: { ...files, 'convcost.config.yaml': text },
    });
    const root = parseXml(stdout);
    expect(root.attributes).toMatchObject({ tests: '2', failures: '1' });
    expect(root.children[0]!.children[0]!.children[0]!.name).toBe('system-out');
    expect(root.children[1]!.children[0]!.children[0]!.text).toContain("no model matches 'gone.json'");
  });
});

describe('gitlab', () => {
  it('is an issue a finding, each with a fingerprint of its own that survives new numbers', async () => {
    const issues = JSON.parse((await check(['--reporter', 'gitlab'])).stdout);
    expect(issues).toHaveLength(8);
    expect(issues[0]).toMatchObject({
      check_name: 'convcost/over-budget',
      severity: 'major',
      location: { path: 'convcost.config.yaml', lines: { begin: 3 } },
    });
    const prints = issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(prints).size).toBe(8);
    const larger = { ...files, 'n.json': network.replace('8x8x4', '9x9x4') };
    const again = JSON.parse((await convcost(['check', '--reporter', 'gitlab'], { files: larger })).stdout);
    expect(again.map(({ fingerprint }: { fingerprint: string }) => fingerprint).sort()).toEqual(
      prints.sort(),
    );
  });
});

describe('markdown', () => {
  it('begins with its marker and what is worst', async () => {
    const lines = (await check(['--reporter', 'markdown'])).stdout.split('\n');
    expect(lines[0]).toBe('<!-- convcost check -->');
    expect(lines[1]).toBe('### check FAILED: 1 of 1 model over budget');
    expect(lines[3]).toContain('macs is 64,512');
  });

  it('has names in code spans alone, and a row is a row', async () => {
    const { stdout } = await check(['--reporter', 'markdown']);
    // https://spec.commonmark.org/0.31.2/#code-spans: a run of backticks to the next run of the same length.
    const outside = stdout.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, 'code');
    expect(outside).not.toMatch(/script|everyone|set-output|bold|example|owned|`/);
    const bars = outside.split('\n').filter(line => line.startsWith('|'));
    expect(bars).toHaveLength(2 + 8);
    for (const line of bars) expect(line.match(/\|/g)).toHaveLength(7);
    expect(stdout).toContain('<script>alert(1)</script>\\|@everyone');
  });

  it('stays under 64 KB, the worst kept, and says what is left out', async () => {
    const layers = Array.from({ length: 3000 }, (_, i) => `pw ${i === 1500 ? 40 : 4} name=layer${i}`);
    const large = { ...files, 'n.json': JSON.stringify({ input: '8x8x4', layers }) };
    const { stdout } = await convcost(['check', '--reporter', 'markdown'], { files: large });
    expect(new TextEncoder().encode(stdout).length).toBeLessThan(64 * 1024);
    expect(stdout).toContain('layer1500');
    expect(stdout).toMatch(/\.\.\. and [\d,]+ more lines that do not fit here\.\n$/);
  });
});

it('json has every number, raw', async () => {
  const { models, findings, verdict } = JSON.parse((await check(['--reporter', 'json'])).stdout);
  expect(verdict).toBe('failed');
  expect(models[0].totals).toMatchObject({ macs: 64_512, params: 1008 });
  expect(models[0].limits[0]).toMatchObject({
    of: 'network',
    metric: 'macs',
    written: '1k',
    most: 1000,
    actual: 64_512,
    by: 63_512,
    passed: false,
    place: { file: 'convcost.config.yaml', line: 3, column: 12 },
  });
  expect(findings).toHaveLength(8);
});

it.each(['table', 'github', 'markdown', 'junit', 'gitlab', 'json'])(
  '%s is the same every time',
  async name => {
    const runs = await Promise.all([1, 2].map(() => check(['--reporter', name])));
    expect(runs[0]!.stdout).toBe(runs[1]!.stdout);
  },
);
