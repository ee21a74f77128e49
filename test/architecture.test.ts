import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.js';

/**
 * Arrows go one way: what each folder of src/ may import, itself apart. A file of the top level is named
 * whole. Everything may import errors.ts and suggest.ts.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'suggest.ts': [],
  model: [],
  spec: ['model'],
  formats: ['model'],
  zoo: ['model', 'spec'],
  rewrite: ['model', 'spec'],
  cost: ['model', 'rewrite'],
  budget: ['model', 'cost'],
  tensor: ['model'],
  engines: ['model', 'tensor'],
  timing: ['model', 'engines'],
  report: ['model', 'spec', 'cost', 'budget', 'timing', 'zoo', 'tensor'],
  io: ['cli', 'formats'],
  cli: [
    'model',
    'spec',
    'formats',
    'zoo',
    'rewrite',
    'cost',
    'budget',
    'tensor',
    'engines',
    'timing',
    'report',
  ],
  'index.ts': ['model', 'spec', 'tensor', 'formats', 'zoo', 'rewrite', 'cost', 'budget', 'engines'],
  'program.ts': ['cli', 'io'],
  'node.ts': ['index.ts', 'model', 'spec', 'formats', 'engines', 'io'],
};

/** What every file may import. */
const forAll: readonly string[] = ['errors.ts', 'suggest.ts'];

/** Packages that only some places may know. */
const onlyIn: Readonly<Record<string, readonly RegExp[]>> = {
  chalk: [/^cli\/style\.ts$/],
  commander: [/^cli\//],
  'cli-table3': [/^report\/table\.ts$/],
  zod: [/schema\.ts$/, /^spec\/file\.ts$/],
};

const root = new URL('../src', import.meta.url).pathname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .sort();
const folderOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : file);

/** The arrows from one folder to others, each with an import that draws it. */
const arrows = files.flatMap(file =>
  importsOf(readFileSync(join(root, file), 'utf8'))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts'))
    .filter(target => !forAll.includes(target) && folderOf(target) !== folderOf(file))
    .map(target => ({ file, target })),
);

describe('arrows go one way', () => {
  it.each(files)('%s', file => {
    for (const { target } of arrows.filter(arrow => arrow.file === file)) {
      if (target.startsWith('..')) expect(target).toBe('../package.json');
      else expect(mayImport[folderOf(file)], `${file} imports ${target}`).toContain(folderOf(target));
    }
  });

  it('every arrow that is allowed is used', () => {
    const drawn = new Set(arrows.map(({ file, target }) => `${folderOf(file)} -> ${folderOf(target)}`));
    const allowed = Object.entries(mayImport).flatMap(([from, to]) => to.map(each => `${from} -> ${each}`));
    expect(allowed.filter(arrow => !drawn.has(arrow))).toEqual([]);
  });
});

/** What other folders may know of the engine that writes its own code. */
const frontOfWasm = ['index.ts', 'algorithms.ts', 'probes.ts'].map(file => `engines/wasm/${file}`);

it('only engines know the inside of engines/wasm', () => {
  const known = files
    .filter(file => folderOf(file) !== 'engines')
    .flatMap(file =>
      importsOf(readFileSync(join(root, file), 'utf8')).map(({ specifier }) =>
        relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts'),
      ),
    )
    .filter(target => target.startsWith('engines/wasm/'));
  expect(new Set(known)).toEqual(new Set(frontOfWasm));
});

describe('packages stay in their rooms', () => {
  const uses = files.flatMap(file =>
    importsOf(readFileSync(join(root, file), 'utf8'))
      .filter(({ specifier }) => !specifier.startsWith('.'))
      .map(({ specifier, isType }) => ({ file, specifier, isType })),
  );

  it('node: only in io, node.ts and lazily loaded parts of engines', () => {
    const builtins = uses.filter(({ specifier }) => specifier.startsWith('node:')).map(({ file }) => file);
    expect(
      builtins.filter(file => !/^(io\/|node\.ts$|engines\/[a-z]+\/(threads|node-|worker))/.test(file)),
    ).toEqual([]);
  });

  it.each(Object.entries(onlyIn))('%s', (name, places) => {
    const users = uses
      .filter(({ specifier, isType }) => specifier === name && !isType)
      .map(({ file }) => file);
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(file => !places.some(place => place.test(file)))).toEqual([]);
  });
});

it('the library entry reaches no Node built-in', () => {
  const seen = new Set<string>();
  const walk = (file: string): string[] => {
    if (seen.has(file)) return [];
    seen.add(file);
    return importsOf(readFileSync(join(root, file), 'utf8')).flatMap(({ specifier, isType, isLazy }) => {
      if (isType || isLazy) return [];
      if (!specifier.startsWith('.')) return specifier.startsWith('node:') ? [`${file}: ${specifier}`] : [];
      return walk(relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts'));
    });
  };
  expect(walk('index.ts')).toEqual([]);
  expect(seen.size).toBeGreaterThan(10);
});
