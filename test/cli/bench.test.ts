import { describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const words = (line: string) => line.split(' ');
const quick = '--rounds 2 --min-sample 1';

describe('bench', () => {
  it("times a network against its other form, with hyperfine's fields", async () => {
    const { stdout, code } = await convcost(
      words(`bench @8x8x4 dw3x3 pw 8 --rewrite standard ${quick} --format json`),
    );
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(
      report.results.map((result: { name: string; macs: number }) => [result.name, result.macs]),
    ).toEqual([
      ['standard', 18_432],
      ['separable', 4_352],
      ['separable fused', 4_352],
    ]);
    for (const result of report.results) {
      expect(Object.keys(result)).toEqual(
        expect.arrayContaining(['command', 'mean', 'stddev', 'median', 'min', 'max', 'times']),
      );
      expect(result.times.length).toBe(2);
    }
    expect(report.layers).toMatchObject([{ name: 'pw1' }]);
    expect(report.layers[0].results.length).toBe(3);
  });

  it('times engines and algorithms against each other', async () => {
    const line = `bench @12x12x4 conv3x3 4 --engine wasm,reference --algorithm direct,winograd-2 ${quick} --format json`;
    const { results } = JSON.parse((await convcost(words(line))).stdout);
    expect(results.map((result: { name: string }) => result.name)).toEqual([
      'wasm direct',
      'wasm winograd-2',
      'reference',
    ]);
  });

  it('an interrupt ends it at once: what was measured is printed, exit 130', async () => {
    const { stdout, code } = await convcost(words(`bench @8x8x4 conv3x3 8 ${quick}`), { interruptAt: 0 });
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted');
  });

  it.each([
    ['bench @8x8x4 conv3x3 8 --engine wsam', "did you mean 'wasm'?"],
    ['bench @8x8x4 conv3x3 8 --rounds 0', 'at least 1'],
    ['bench @8x8x4 conv3x3 8 --threads x', 'at least 1'],
    ['bench @8x8x4 conv3x3 8 --rewrite seprable', 'Allowed choices'],
  ])('%s', async (line, says) => {
    const { stderr, stdout, code } = await convcost(words(line));
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toContain(says);
  });
});
