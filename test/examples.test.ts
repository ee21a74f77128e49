import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
