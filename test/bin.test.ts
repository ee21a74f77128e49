import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The built program as a process: what only the real world shows. */
const bin = 'bin/convcost.js';
const tokens = ['@224x224x3', 'conv3x3', '32', 's2'];

describe.skipIf(!existsSync('dist/cli/main.cjs'))('bin/convcost.js', () => {
  it('starts without yaml and zod where no file is read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
    execFileSync(process.execPath, [bin, 'count', ...tokens], {
      env: { ...process.env, NODE_V8_COVERAGE: folder },
    });
    const loaded = readdirSync(folder).flatMap(file => {
      const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        result: { url: string }[];
      };
      return result.map(({ url }) => url).filter(url => url.includes('/dist/'));
    });
    rmSync(folder, { recursive: true });
    const texts = loaded.map(url => readFileSync(fileURLToPath(url), 'utf8'));
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.filter(text => /ZodError|YAMLParseError/.test(text))).toEqual([]);
  });

  it('reads what is not ASCII: the signs of a table', () => {
    const args = [bin, 'count', 'examples/pasted-paper-table/table-1.md', '--get', 'macs'];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('568740352\n');
  });

  describe('the code cache', () => {
    /** A copy of the program whose caches `change` has had its way with. */
    function withCaches(change: (path: string) => void): string {
      const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
      cpSync('bin', join(folder, 'bin'), { recursive: true });
      cpSync('dist/cli', join(folder, 'dist/cli'), { recursive: true });
      const caches = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
        name.endsWith('.cache'),
      );
      expect(caches.length).toBeGreaterThan(1);
      for (const name of caches) change(join(folder, name));
      return folder;
    }
    const print = (folder: string) =>
      spawnSync(process.execPath, [join(folder, 'bin/convcost.js'), ...tokens], { encoding: 'utf8' });

    it.each<[string, (path: string) => void]>([
      ['is missing, as for another version of Node', path => rmSync(path)],
      ['was cut off', path => truncateSync(path, 1000)],
      ['is not of this program', path => writeFileSync(path, readFileSync(path).fill(7, 0, 64))],
    ])('changes nothing but the start where it %s', (_, change) => {
      const folder = withCaches(change);
      const [{ status, stdout, stderr }, expected] = [print(folder), print('.')];
      rmSync(folder, { recursive: true });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: expected.stdout, stderr: '' });
    });
  });

  it('--output into a folder that is not there exits 2, and makes no folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
    const { status, stderr } = spawnSync(
      process.execPath,
      [bin, 'count', ...tokens, '--output', join(folder, 'mistyped', 'report.txt')],
      { encoding: 'utf8' },
    );
    expect({ status, made: readdirSync(folder) }).toEqual({ status: 2, made: [] });
    expect(stderr).toContain('there is no such folder');
    rmSync(folder, { recursive: true });
  });

  it.each(['table', 'markdown', 'json', 'ndjson', 'csv'])(
    'a pipe that closes early is no error: %s',
    async format => {
      const child = spawn('sh', [
        '-c',
        `${process.execPath} ${bin} count ${tokens.join(' ')} pw 8 x5000 --format ${format} | head -c 1`,
      ]);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', chunk => {
        stdout += chunk;
      });
      child.stderr.on('data', chunk => {
        stderr += chunk;
      });
      await new Promise(resolve => child.on('close', resolve));
      expect({ length: stdout.length, stderr }).toEqual({ length: 1, stderr: '' });
    },
  );

  it('an error exits 2 and leaves stdout empty', () => {
    try {
      execFileSync(process.execPath, [bin, 'count', '@8x8x3', 'conv3x3', '4', 's0'], {
        stdio: 'pipe',
        encoding: 'utf8',
      });
      throw new Error('nothing was refused');
    } catch (error) {
      expect(error).toMatchObject({ status: 2, stdout: '' });
    }
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk behind stdout ends in an error, not in a stack', () => {
    const line = `${process.execPath} ${bin} count ${tokens.join(' ')} > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, 'error: Cannot write "stdout": the disk is full.\n']);
  });

  it('a file that cannot be written ends in an error, on any file system', () => {
    for (const path of ['/proc/nope/x.json', '/dev/null/x.json']) {
      try {
        const args = [bin, 'count', ...tokens, '-o', path];
        execFileSync(process.execPath, args, { stdio: 'pipe', encoding: 'utf8', timeout: 10_000 });
        throw new Error('nothing was refused');
      } catch (error) {
        expect(error).toMatchObject({ status: 2, stdout: '' });
      }
    }
  });
});
