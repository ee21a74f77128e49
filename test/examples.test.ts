import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { convcost, splitCommand } from './fake-host.js';
import { normaliseTimings } from './normalise.js';

/** Every folder of examples/ with a command.txt: what the command prints is in expected.txt. */
const names = readdirSync('examples').filter(name => existsSync(`examples/${name}/command.txt`));

describe('examples', () => {
  it.each(names)('%s', async name => {
    const [program, ...args] = splitCommand(readFileSync(`examples/${name}/command.txt`, 'utf8').trim());
    expect(program).toBe('convcost');
    const { stdout, stderr, code } = await convcost(args);
    expect(stderr).toBe('');
    expect(normaliseTimings(stdout)).toBe(
      normaliseTimings(readFileSync(`examples/${name}/expected.txt`, 'utf8')),
    );
    const expectedCode = existsSync(`examples/${name}/exit-code.txt`)
      ? Number(readFileSync(`examples/${name}/exit-code.txt`, 'utf8'))
      : 0;
    expect(code).toBe(expectedCode);
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
