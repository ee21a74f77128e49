import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The built program in a process that finds no git, no token and no home. */
const check = (...args: string[]) =>
  spawnSync(process.execPath, ['bin/convcost.js', 'check', ...args], {
    env: { PATH: '/no/such/folder' },
    encoding: 'utf8',
  });

describe.skipIf(!existsSync('dist/cli/main.cjs'))('check, as a process with an empty world', () => {
  it.each<[number, string[]]>([
    [0, ['--config', 'examples/ci-budget/convcost.config.yaml']],
    [1, ['--config', 'examples/ci-failure/convcost.config.yaml']],
    [2, ['--config', 'examples/ci-failure/models/keywords.yaml']],
  ])('exits %i with %j', (code, args) => {
    const { status, stderr } = check(...args);
    expect(status).toBe(code);
    expect(stderr === '').toBe(code !== 2);
  });

  it('misses git only where a commit is asked for', () => {
    const { status, stderr } = check('@8x8x3 conv3x3 8', '--baseline', 'git:main');
    expect([status, stderr]).toEqual([2, expect.stringContaining('needs the program git')]);
  });
});
