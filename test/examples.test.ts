import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { convcost, splitCommand } from './fake-host.js';
import { normaliseTimings } from './normalise.js';

/** Every folder of examples/ with a command.txt: what the command prints is in expected.txt. */
const names = readdirSync('examples').filter(name => existsSync(`examples/${name}/command.txt`));

const expectedOf = (name: string) => {
  const exitCode = `examples/${name}/exit-code.txt`;
  return {
    stdout: normaliseTimings(readFileSync(`examples/${name}/expected.txt`, 'utf8')),
    stderr: '',
    code: existsSync(exitCode) ? Number(readFileSync(exitCode, 'utf8')) : 0,
  };
};
const argsOf = (name: string) => {
  const [program, ...args] = splitCommand(readFileSync(`examples/${name}/command.txt`, 'utf8').trim());
  expect(program).toBe('convcost');
  return args;
};

describe('examples', () => {
  it.each(names)('%s', async name => {
    const { stdout, stderr, code } = await convcost(argsOf(name));
    expect({ stdout: normaliseTimings(stdout), stderr, code }).toEqual(expectedOf(name));
  });

  // The built program is another one: bundled, and started from its code cache.
  it.skipIf(!existsSync('dist/cli/main.cjs')).each(names)('%s, by the built program', name => {
    const env = { ...process.env, NO_COLOR: '', FORCE_COLOR: '' };
    const args = ['bin/convcost.js', ...argsOf(name)];
    const { stdout, stderr, status: code } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    expect({ stdout: normaliseTimings(stdout), stderr, code }).toEqual(expectedOf(name));
  });

  it('are there', () => {
    expect(names).toContain('separable');
  });
});

it('the library example runs', async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line);
  });
  await import('../examples/library.js');
  log.mockRestore();
  expect(lines).toEqual(['111792128 macs at full width, 30205952 at half', 'sep3.pw: NHWC 1x56x56x64']);
});
