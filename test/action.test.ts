import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env: Record<string, string> }[];
  };
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const [{ run, env }] = action.runs.steps as [Action['runs']['steps'][0]];

/** Runs the action's script with an npx that writes its arguments down and exits with `code`. */
function runAction(inputs: Readonly<Record<string, string>>, code = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
  writeFileSync(
    join(folder, 'npx'),
    `#!/bin/sh\nfor word; do printf '%s\\n' "$word"; done >words\nexit ${code}\n`,
  );
  chmodSync(join(folder, 'npx'), 0o755);
  const variables = Object.entries(env).map(([name, value]) => {
    const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)![1]!;
    return [name, inputs[input] ?? action.inputs[input]!.default];
  });
  try {
    execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: folder,
      stdio: 'pipe',
      env: {
        ...Object.fromEntries(variables),
        PATH: `${folder}:${process.env['PATH']}`,
        GITHUB_OUTPUT: 'output',
      },
    });
  } catch (error) {
    if ((error as { status: number }).status !== code) throw error;
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n');
  const found = { words: read('words'), output: read('output') };
  rmSync(folder, { recursive: true });
  return found;
}

const always = ['--yes', 'convcost', 'check', '--reporter', 'table', '--reporter', 'github'];

describe('action.yml', () => {
  it('checks the config, with annotations', () => {
    expect(runAction({})).toEqual({ words: always, output: ['exit-code=0'] });
  });

  it('passes what it is given, word by word', () => {
    const inputs = {
      version: '1.2.3',
      config: 'a b.yaml',
      comment: 'comment.md',
      baseline: 'base.json',
      args: '--max\nmacs=600M\n',
      sources: '@8x8x3 conv3x3 8\nm.onnx',
    };
    expect(runAction(inputs).words).toEqual([
      ...always.with(1, 'convcost@1.2.3'),
      '--config=a b.yaml',
      '--baseline=base.json',
      '--reporter=markdown=comment.md',
      '--max',
      'macs=600M',
      '@8x8x3 conv3x3 8',
      'm.onnx',
    ]);
  });

  it('an input is never run', () => {
    const evil = '$(touch owned)`touch owned`;touch owned';
    expect(runAction({ config: evil, sources: evil }).words.slice(-2)).toEqual([`--config=${evil}`, evil]);
    // Only what stands in `env:` may come from outside.
    expect(run).not.toContain('${{');
  });

  it('fails as the check fails', () => {
    expect(runAction({}, 3).output).toEqual(['exit-code=3']);
  });
});
