import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

// In a hook, git tells its own repository to everyone; these tests have theirs.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A repository made for one test, independent of the user's own git settings. */
function aRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
  folders.push(folder);
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const git = (...args: string[]) =>
    String(
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
        cwd: folder,
        env,
      }),
    );
  const write = (files: Readonly<Record<string, string | Uint8Array>>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  const commit = (files: Readonly<Record<string, string | Uint8Array>>) => {
    write(files);
    git('add', '-A');
    git('commit', '-q', '-m', 'a commit');
  };
  git('init', '-q', '-b', 'main');
  return { folder, git, write, commit };
}

const network = (second: string) =>
  `input: 56x56x32\nlayers:\n  - conv3x3 32 name=stem\n  - ${second} name=mixer\n  - pw 64 name=head\n`;
const config = 'budgets:\n  - model: models/*.yaml\n    maxIncrease: { macs: 2%, params: 2% }\n';

describe('a depthwise layer turned standard', () => {
  const repository = aRepository();
  beforeAll(() => {
    repository.commit({ 'convcost.config.yaml': config, 'models/net.yaml': network('dw3x3') });
    repository.commit({ 'models/net.yaml': network('conv3x3 32') });
  });

  it('is caught against the commit before, and named', async () => {
    const { code, stdout } = await convcost(['check', '--baseline', 'git:HEAD~1'], repository);
    expect(code).toBe(1);
    // 56 * 56 * 32 * 9 macs before, times 32 after.
    expect(stdout).toContain('macs grew by 27,998,208');
    expect(stdout).toContain('mixer: depthwise 3x3 32 -> standard 3x3 32-32, +27,998,208 macs');
    expect(stdout).toContain('the limit: convcost.config.yaml:3:20');
    expect(stdout).toContain('to accept: convcost check --update');
  });

  it('is none against its own commit', async () => {
    const { code, stdout } = await convcost(['check', '--baseline', 'git:HEAD'], repository);
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 model within budget')]);
  });

  it('is accepted by committing the new numbers, and by these numbers alone', async () => {
    const accepted = await convcost(['check', '--baseline', 'git:HEAD~1', '--update'], repository);
    expect(accepted.code).toBe(0);
    const again = await convcost(['check', '--baseline', 'git:HEAD~1'], repository);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('accepted: models/net.yaml')]);
    repository.write({ 'models/net.yaml': network('conv3x3 33') });
    expect((await convcost(['check', '--baseline', 'git:HEAD~1'], repository)).code).toBe(1);
  });
});

describe('the config of the commit names the networks of the commit', () => {
  const repository = aRepository();
  beforeAll(() => {
    repository.commit({
      'convcost.config.yaml': 'budgets:\n  - model: old/*.yaml\n  - model: kept.yaml\n',
      'old/a.yaml': network('dw3x3'),
      'kept.yaml': network('dw3x3'),
    });
    repository.git('rm', '-rq', 'old');
    repository.commit({
      'convcost.config.yaml': 'budgets:\n  - model: "*.yaml"\n  - model: new/*.yaml\n'.replace(
        '"*.yaml"',
        'kept.yaml',
      ),
      'new/b.yaml': network('dw3x3'),
    });
  });

  it('new and removed ones are told, not fatal', async () => {
    const { code, stdout } = await convcost(['check', '--baseline', 'git:HEAD~1'], repository);
    expect(code).toBe(0);
    expect(stdout).toContain('new: new/b.yaml');
    expect(stdout).toContain('removed: old/a.yaml');
  });

  it('a config that was broken then is stood in for by the one of today', async () => {
    repository.commit({ 'convcost.config.yaml': 'budgets: [' });
    repository.commit({ 'convcost.config.yaml': 'budgets:\n  - model: kept.yaml\n' });
    const { code, stdout } = await convcost(['check', '--baseline', 'git:HEAD~1'], repository);
    expect([code, stdout]).toEqual([0, expect.stringContaining('The config at HEAD~1 cannot be read')]);
  });

  it('sources of the command line need no config', async () => {
    const { code } = await convcost(['check', 'kept.yaml', '--baseline', 'git:HEAD'], repository);
    expect(code).toBe(0);
  });
});

it('model files are read from the commit, byte for byte', async () => {
  const repository = aRepository();
  const model = (name: string) => readFileSync(`test/golden/${name}.onnx`);
  repository.commit({
    'convcost.config.yaml': 'budgets:\n  - model: m.onnx\n',
    'm.onnx': model('squeezenet1_1'),
  });
  repository.commit({ 'm.onnx': model('mobilenet_v1_1.0_224') });
  const { code, stdout } = await convcost(['check', '--baseline', 'git:HEAD~1'], repository);
  expect(code).toBe(1);
  expect(stdout).toContain('from 349,151,936 to 568,740,352');
});

describe('what git has to say', () => {
  const repository = aRepository();
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 13963115\n';
  beforeAll(() => {
    repository.commit({ 'convcost.config.yaml': config, 'models/net.yaml': pointer });
    repository.commit({ 'models/net.yaml': network('dw3x3') });
  });

  it.each([
    ['git:nowhere', 'There is no commit "nowhere"'],
    ['git:', 'There is no commit ""'],
    // Would be an option of git.
    ['git:--output=owned', 'There is no commit "--output=owned"'],
    ['git:HEAD~1', '"models/net.yaml" is a Git LFS pointer to 13963115 bytes at HEAD~1'],
  ])('%s', async (baseline, message) => {
    const { code, stderr } = await convcost(['check', `--baseline=${baseline}`], repository);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('a shallow clone is told how to get the commit', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'convcost-'));
    folders.push(clone);
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${repository.folder}`, clone]);
    const { code, stderr } = await convcost(['check', '--baseline', 'git:HEAD~1'], { folder: clone });
    expect([code, stderr]).toEqual([2, expect.stringContaining('fetch-depth: 0')]);
  });

  it('outside a repository', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
    folders.push(folder);
    const args = ['check', '@8x8x3 conv3x3 8', '--baseline', 'git:HEAD'];
    const { code, stderr } = await convcost(args, { folder });
    expect([code, stderr]).toEqual([2, expect.stringContaining('needs a git repository')]);
  });
});

it('from a folder below, the config above is found, with its paths and its baseline', async () => {
  const repository = aRepository();
  repository.commit({ 'convcost.config.yaml': config, 'models/net.yaml': network('dw3x3') });
  repository.commit({ 'models/net.yaml': network('conv3x3 32') });
  const below = { folder: join(repository.folder, 'models') };
  const { code, stdout } = await convcost(['check', '--baseline', 'git:HEAD~1'], below);
  expect(code).toBe(1);
  expect(stdout).toContain('mixer: depthwise 3x3 32 -> standard 3x3 32-32');
});
