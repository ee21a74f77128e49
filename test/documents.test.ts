import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { convcost, splitCommand } from './fake-host.js';
import { normaliseTimings } from './normalise.js';

/** ```console blocks: `$ convcost ...` and what it prints, cut off with a line `...` where it is long. */
const documents = [
  'README.md',
  ...readdirSync('docs')
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
];

interface Example {
  readonly document: string;
  readonly command: string;
  readonly output: string;
}

const examples = documents.flatMap(document => {
  const blocks = readFileSync(document, 'utf8').matchAll(/^```console\n([\s\S]*?)^```$/gm);
  return Array.from(blocks, ([, block]) => block!).flatMap(block =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part): Example => {
        const [command, ...output] = part.replace(/\\\n\s*/g, ' ').split('\n');
        return { document, command: command!, output: output.join('\n').trim() };
      }),
  );
});

/** The program's part of a command line: what npm does and other programs in a pipe are not run here. */
function argsOf(command: string): string[] | undefined {
  const [, line] = /(?:^|&& )(?:convcost|node bin\/convcost\.js) ([^|]*)/.exec(command) ?? [];
  return line === undefined ? undefined : splitCommand(line.trim());
}

describe('commands of the documents print what stands below them', () => {
  it.each(examples.filter(({ command }) => argsOf(command)))(
    '$document: $command',
    async ({ command, output }) => {
      const { stdout, stderr } = await convcost(argsOf(command)!);
      const printed = normaliseTimings((stdout + stderr).trim());
      const [start, ...rest] = normaliseTimings(output).split(/^\.\.\.$/m);
      if (rest.length === 0) expect(printed).toBe(start);
      else {
        expect(printed.startsWith(start!), `${printed}\n--- should begin with ---\n${start}`).toBe(true);
        expect(printed.endsWith(rest.at(-1)!.trim())).toBe(true);
      }
    },
  );

  it('README shows the main job, and the two commands of a fresh clone', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(readme).toContain('npm ci && node bin/convcost.js run examples/separable/spec.yaml');
    expect(readme).toContain('npm ci && npm test');
    expect(examples.filter(({ document }) => document === 'README.md').length).toBeGreaterThan(4);
  });
});

describe('links between documents', () => {
  const all = [...documents, 'CONTRIBUTING.md', 'CHANGELOG.md'];
  it.each(all)('of %s lead somewhere', document => {
    const folder = document.includes('/') ? document.slice(0, document.lastIndexOf('/') + 1) : '';
    const targets = Array.from(
      readFileSync(document, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g),
      ([, target]) => target!,
    );
    expect(targets.filter(target => !existsSync(`${folder}${target}`))).toEqual([]);
  });
});
