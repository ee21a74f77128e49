import { describe, expect, it } from 'vitest';
import { convcost, type FakeWorld } from '../fake-host.js';

const net = 'name: net\ninput: 8x8x4\nlayers: [conv3x3 8 name=stem, dw3x3 name=c2, pw 4 name=head]\n'; // 25,088 macs
const fat = net.replace('dw3x3', 'conv3x3 8'); // 57,344 macs

const config = (lines: string): string => `budgets:\n  - model: models/*.yaml\n${lines}`;
const world = (lines: string, files: FakeWorld['files'] = {}): FakeWorld => ({
  files: { 'convcost.config.yaml': config(lines), 'models/net.yaml': net, ...files },
});

/** A baseline of `net`, as `check --update` writes it. */
async function baseline(model = net): Promise<string> {
  const { written } = await convcost(['check', '--update'], world('', { 'models/net.yaml': model }));
  return String(written.get('.convcost/baseline.json'));
}

describe('exit codes, each by a real case', () => {
  it.each<[string, number, string]>([
    ['0: within the budget', 0, '    max: { macs: 26k, params: 400, peakActivations: 4KiB }'],
    ['1: over the budget', 1, '    max: { macs: 25k }'],
    ['0: over a budget that only warns', 0, '    level: warn\n    max: { macs: 25k }'],
    ['1: a budget that matches nothing', 1, '  - model: gone/*.onnx'],
    ['1: a layer limit that matches nothing', 1, '    layers: { tail: { macs: 1k } }'],
    ['1: one layer over', 1, '    perLayer: { macs: 18k }'],
    ['1: one kind of layer over', 1, '    perFlavor: { depthwise: { macs: 4k } }'],
    ['2: a config that is wrong', 2, '    max: { macs: lots }'],
  ])('%s', async (_, code, lines) => {
    expect((await convcost(['check'], world(lines))).code).toBe(code);
  });

  it('2: a model that cannot be read', async () => {
    expect((await convcost(['check'], world('', { 'models/net.yaml': 'layers: [zzz]' }))).code).toBe(2);
  });

  it('2: no config', async () => {
    const { code, stderr } = await convcost(['check'], { files: { a: '' } });
    expect(code).toBe(2);
    expect(stderr).toContain('convcost init');
  });
});

describe('exit code 3: an op that nothing understands', () => {
  const printed =
    'Sequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), padding=(1, 1))\n  (1): MyThing(8, 16)\n)\n';
  const budgets = (more: string) => `budgets:\n  - { model: m.txt, input: 1x3x8x8, loose: true${more} }\n`;
  const checked = (more: string, ...args: string[]) =>
    convcost(['check', ...args], { files: { 'convcost.config.yaml': budgets(more), 'm.txt': printed } });

  it.each<[number, string, string[]]>([
    [3, '', []],
    [3, ', max: { macs: 1M }', []],
    [3, ', allowUnknown: Other', []],
    [0, ', allowUnknown: MyThing', []],
    [0, ', allowUnknown: [Other, "My*"]', []],
    [0, '', ['--allow-unknown', 'Other,MyThing']],
    // What a lower bound passes already is passed for certain.
    [1, ', max: { macs: 1k }', []],
  ])('%i with %j %j', async (code, more, args) => {
    expect((await checked(more, ...args)).code).toBe(code);
  });

  it('tells the op, and how to allow it', async () => {
    const { stdout } = await checked('');
    expect(stdout).toContain('incomplete: 1 layer unknown, so that 13,824 macs are a lower bound');
    expect(stdout).toContain('MyThing x1');
    expect(stdout).toContain('allowUnknown: [MyThing]');
  });
});

describe('limits of the command line', () => {
  it.each<[string[], number]>([
    [['@8x8x4 conv3x3 8', '--max', 'macs=18432'], 0],
    [['@8x8x4 conv3x3 8', '--max', 'macs=18431'], 1],
    [['@8x8x4 conv3x3 8', '--max', 'macs=1M', '--max', 'params=287'], 1],
    [['@8x8x4 conv3x3 8', '--max', 'mac=1M'], 2],
    [['@8x8x4 conv3x3 8', '--max', 'macs'], 2],
    [['@8x8x4 conv3x3 8', '--reporter', 'junt'], 2],
  ])('%j exits %i', async (args, code) => {
    expect((await convcost(['check', ...args], { files: { a: '' } })).code).toBe(code);
  });

  it('a source is held against the budgets that name it', async () => {
    const lines = '    max: { macs: 1M }\n  - model: other/*.yaml\n    max: { macs: 1 }';
    const { code, stdout } = await convcost(['check', 'models/net.yaml'], world(lines));
    expect(code).toBe(0);
    expect(stdout).toContain('1 model within budget');
  });

  it('a source that none names is held against all of them', async () => {
    const { code } = await convcost(
      ['check', 'new.yaml'],
      world('    max: { macs: 26k }', { 'new.yaml': fat }),
    );
    expect(code).toBe(1);
  });
});

describe('the text of a failure', () => {
  it('tells by how much, which layers grew, the line to change and the command that accepts', async () => {
    const { code, stdout } = await convcost(
      ['check'],
      world('    maxIncrease: { macs: 2%, floor: 1k }', {
        'models/net.yaml': fat,
        '.convcost/baseline.json': await baseline(),
      }),
    );
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "check FAILED: 1 of 1 model over budget

            model            limit of             is    limit  of limit    change
      OVER  models/net.yaml  growth of macs  57.34 k  26.09 k   219.8 %  +32.26 k

      models/net.yaml: macs grew by 32,256 (128.6 %), from 25,088 to 57,344; allowed: 2% or 1k, up to 26,088
        grew since .convcost/baseline.json:
          c2: depthwise 3x3 8 -> standard 3x3 8-8, +32,256 macs
        the limit: convcost.config.yaml:3:20
        to accept: convcost check --update

      compared with .convcost/baseline.json
      "
    `);
  });

  it('without a baseline tells the largest layers', async () => {
    const { stdout } = await convcost(['check'], world('    max:\n      macs: 25k\n'));
    expect(stdout).toContain('net.yaml: macs is 25,088, over the limit of 25k by 88 (0.35 %)');
    expect(stdout).toContain('stem: standard 3x3 4-8, 18,432 (73.5 %)');
    expect(stdout).toContain('the limit: convcost.config.yaml:4:7');
  });

  it('worst first', async () => {
    const { stdout } = await convcost(['check'], world('    max: { params: 391, macs: 1k }'));
    expect(stdout.indexOf('macs is 25,088')).toBeLessThan(stdout.indexOf('params is 392'));
  });
});

describe('the baseline', () => {
  it('new and removed networks are told, not fatal', async () => {
    const files = {
      'models/other.yaml': net,
      '.convcost/baseline.json': (await baseline()).replace('models/net.yaml', 'models/gone.yaml'),
    };
    const { code, stdout } = await convcost(['check'], world('', files));
    expect(code).toBe(0);
    expect(stdout).toContain('new: models/other.yaml');
    expect(stdout).toContain('removed: models/gone.yaml');
  });

  it('once it is there, growth that nothing allows fails; maxIncrease: false allows it', async () => {
    const files = { 'models/net.yaml': fat, '.convcost/baseline.json': await baseline() };
    expect((await convcost(['check'], world('', files))).code).toBe(1);
    expect((await convcost(['check'], world('    maxIncrease: false', files))).code).toBe(0);
  });

  it('--update accepts, and what it writes passes', async () => {
    const files = { 'models/net.yaml': fat, '.convcost/baseline.json': await baseline() };
    const { code, written } = await convcost(['check', '--update'], world('', files));
    expect(code).toBe(0);
    const updated = String(written.get('.convcost/baseline.json'));
    expect(
      (await convcost(['check'], world('', { ...files, '.convcost/baseline.json': updated }))).code,
    ).toBe(0);
  });

  it('--update --only-down leaves what grew, and still fails', async () => {
    const before = await baseline();
    const files = { 'models/net.yaml': fat, '.convcost/baseline.json': before };
    const { code, written, stdout } = await convcost(['check', '--update', '--only-down'], world('', files));
    expect(code).toBe(1);
    expect(written.get('.convcost/baseline.json')).toBe(before);
    expect(stdout).toContain('not updated: models/net.yaml went up');
  });

  it('--update writes anew what a conflict broke; --only-down needs the old numbers', async () => {
    const files = { '.convcost/baseline.json': `<<<<<<< HEAD\n${await baseline()}` };
    const { code, written, stdout } = await convcost(['check', '--update'], world('', files));
    expect([code, stdout]).toEqual([0, expect.stringContaining('is written anew')]);
    expect(written.get('.convcost/baseline.json')).toBe(await baseline());
    expect((await convcost(['check', '--only-down'], world('', files))).code).toBe(2);
    expect((await convcost(['check'], world('', files))).stderr).toContain('convcost check --update');
  });

  it('the command that accepts writes the file that was compared with', async () => {
    const args = ['check', 'models/net.yaml', '--baseline', 'b c.json', '--input', '9x9x4'];
    const before = await convcost([...args, '--update'], world(''));
    const files = { 'b c.json': String(before.written.get('b c.json')), 'models/net.yaml': fat };
    const { stdout } = await convcost(args, world('', files));
    expect(stdout).toContain(
      "to accept: convcost check models/net.yaml --baseline 'b c.json' --input 9x9x4 --update",
    );
  });

  it('one that was asked for and is not there is an error with the way out', async () => {
    const { code, stderr } = await convcost(['check', '--baseline', 'b.json'], world(''));
    expect(code).toBe(2);
    expect(stderr).toContain('convcost check --update');
  });

  it('a git baseline without git says so; without one, git is never asked', async () => {
    const { code, stderr } = await convcost(['check', '--baseline', 'git:main'], world(''));
    expect([code, stderr]).toEqual([2, expect.stringContaining('needs the program git')]);
    expect((await convcost(['check'], world(''))).code).toBe(0);
  });
});

describe('a config that is wrong is told at its line and column', () => {
  it.each<[string, string, string]>([
    // what, config, message with place
    [
      'a key',
      'budgets:\n  - model: a\n    max: { mac: 1 }\n',
      'Unknown key "mac". Did you mean \'macs\'?\n  at convcost.config.yaml:3:12',
    ],
    [
      'a unit',
      'budgets:\n  - model: a\n    max:\n      peakActivations: 6M\n',
      'Write for example 6MiB, 600kB or 6291456.\n  at convcost.config.yaml:4:24',
    ],
    [
      'an increase',
      'budgets:\n  - model: a\n    maxIncrease: { macs: 2 percent }\n',
      'not a count. Write for example 600M, 4.3M or 568740352.\n  at convcost.config.yaml:3:26',
    ],
    [
      'no model',
      'budgets:\n  - max: { macs: 1 }\n',
      'budgets.0.model: it is missing.\n  at convcost.config.yaml:2:5',
    ],
    ['a level', 'budgets:\n  - model: a\n    level: fatal\n', 'convcost.config.yaml:3:12'],
    ['YAML', 'budgets:\n  - model: [a\n', 'This is not valid YAML'],
    ['a key twice', 'budgets: []\nbudgets: []\n', 'convcost.config.yaml:2:1'],
    [
      'a hazard',
      'budgets:\n  - model: a\n    __proto__: { max: 1 }\n',
      "'__proto__' cannot be a key.\n  at convcost.config.yaml:3:5",
    ],
    ['a list', '- model: a\n', 'holds a list'],
    ['nothing', '', 'holds nothing'],
    ['no budgets', 'budgets: []\n', 'convcost.config.yaml:1:10'],
  ])('%s', async (_, text, message) => {
    const { code, stdout, stderr } = await convcost(['check'], { files: { 'convcost.config.yaml': text } });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('with --format json the place is data', async () => {
    const files = { 'convcost.config.yaml': 'budgets:\n  - model: a\n    max: { macs: 1x }\n' };
    const { stderr } = await convcost(['check', '--format', 'json'], { files });
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'bad-quantity',
      place: { file: 'convcost.config.yaml', line: 3, column: 18 },
    });
  });

  it('inside package.json too', async () => {
    const files = {
      'sub/package.json':
        '{\n\t"convcost": {\n\t\t"budgets": [{ "model": "a", "max": { "mac": 1 } }]\n\t}\n}\n',
    };
    const { stderr } = await convcost(['check', '--config', 'sub/package.json'], { files });
    expect(stderr).toContain('sub/package.json:3:40');
  });
});

describe('hostile configs', () => {
  it.each<[string, string]>([
    ['a glob of many stars', `budgets:\n  - model: "${'*a'.repeat(60)}"\n`],
    ['a glob of many braces', `budgets:\n  - model: "${'{a,b}'.repeat(60)}"\n`],
    [
      'a pattern of many stars',
      `budgets:\n  - model: m.yaml\n    layers: { "${'*s'.repeat(60)}": { macs: 1 } }\n`,
    ],
  ])('%s ends, as a missed budget', async (_, text) => {
    const { code, stdout } = await convcost(['check'], {
      files: { 'convcost.config.yaml': text, 'm.yaml': net },
    });
    expect(code).toBe(1);
    expect(stdout).toContain('missed:');
  });

  it.each(['constructor', 'toString', '__proto__'])('a network called %s is one like others', async name => {
    const files = {
      'convcost.config.yaml': `budgets:\n  - model: ${name}\n    max: { macs: 1 }\n`,
      [name]: net,
    };
    const first = await convcost(['check', '--update'], { files });
    expect(first.code).toBe(1);
    const committed = String(first.written.get('.convcost/baseline.json'));
    const { stdout } = await convcost(['check'], {
      files: { ...files, '.convcost/baseline.json': committed },
    });
    expect(stdout).not.toContain('new:');
  });
});

it('the config of the folder above is found, and its paths start there', async () => {
  const files = {
    'up/c.yaml': 'budgets:\n  - model: models/*.yaml\n    max: { macs: 26k }\n',
    'up/models/net.yaml': net,
  };
  const { code, stdout } = await convcost(['check', '--config', 'up/c.yaml'], { files });
  expect(code).toBe(0);
  expect(stdout).toContain('models/net.yaml');
});

it('of many models, the one that cannot be counted is named, and the line that names it', async () => {
  const files = {
    'convcost.config.yaml': 'budgets:\n  - model: zoo:mobilenet-v1\n  - model: "*.yml"\n',
    'a.yml': net,
    'b.yml': 'layers: [conv3x3 8]\n',
  };
  const { code, stderr } = await convcost(['check'], { files });
  expect(code).toBe(2);
  expect(stderr).toContain('Cannot check "b.yml": The input size is not given.');
  expect(stderr).toContain('at convcost.config.yaml:3:12');
});

it('one network at two inputs is two, each with its budget', async () => {
  const files = {
    'convcost.config.yaml':
      'budgets:\n  - { model: n.yaml, max: { macs: 26k } }\n  - { model: n.yaml, input: 16x16x4, max: { macs: 26k } }\n',
    'n.yaml': net,
  };
  const { stdout } = await convcost(['check', '--format', 'json'], { files });
  expect(JSON.parse(stdout).models).toMatchObject([
    { model: 'n.yaml', limits: [{ actual: 25_088, passed: true }] },
    { model: 'n.yaml (16x16x4)', limits: [{ actual: 100_352, passed: false }] },
  ]);
});

it('a network that is named at two inputs is checked at both', async () => {
  const lines =
    '    max: { macs: 26k }\n  - { model: models/net.yaml, input: 16x16x4, max: { macs: 101k } }\n';
  const { stdout } = await convcost(['check', 'models/net.yaml', '--format', 'json'], world(lines));
  expect(
    JSON.parse(stdout).models.map(({ limits }: { limits: { actual: number }[] }) => limits[0]!.actual),
  ).toEqual([25_088, 100_352]);
});

it('a Git LFS pointer is told as one', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 13963115\n';
  for (const path of ['models/net.yaml', 'net.onnx']) {
    const { code, stderr } = await convcost(['check', path], world('', { [path]: pointer }));
    expect(code).toBe(2);
    expect(stderr).toContain(`"${path}" is a Git LFS pointer to 13963115 bytes`);
    expect(stderr).toContain('git lfs pull');
  }
});
