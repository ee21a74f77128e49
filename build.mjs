// Builds dist/: the CLI as one bundle with lazy chunks (start-up is what scripts feel), and the library
// with its dependencies left to the user's package manager. Types come from `tsc -p tsconfig.build.json`.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { build, transform } from 'esbuild';
import { cachePath, loadCached } from './bin/load-program.js';

await rm('dist', { recursive: true, force: true });

const shared = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  splitting: true,
  logLevel: 'warning',
};

/**
 * Keeps what the program always needs in one chunk. esbuild makes a chunk of every set of modules that the same
 * lazy parts share, two dozen files here, and each costs a start a millisecond. A lazy part that names the whole
 * program as its own import shares one set with it.
 */
const oneCore = {
  name: 'one-core',
  setup(plugin) {
    const core = JSON.stringify(resolve('src/cli/run.ts'));
    const lazy = new Set();
    plugin.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind === 'dynamic-import') lazy.add(resolve(resolveDir, path).replace(/\.js$/, '.ts'));
      return undefined;
    });
    plugin.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
      lazy.has(path)
        ? { loader: 'ts', contents: `import ${core};\n${await readFile(path, 'utf8')}` }
        : undefined,
    );
  },
};

/** esbuild escapes what is not ASCII in strings, and leaves it in regular expressions. */
const asciiOf = code =>
  code.replaceAll(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** cli-table3 measures every cell several times; string-width's table of emoji made that most of a start. */
const lightWidth = {
  name: 'light-width',
  setup(plugin) {
    plugin.onResolve({ filter: /^string-width$/ }, ({ path }) => ({ path, namespace: 'light-width' }));
    plugin.onLoad({ filter: /.*/, namespace: 'light-width' }, () => ({
      contents: "module.exports = require('./src/report/display-width.ts').displayWidth;",
      resolveDir: import.meta.dirname,
    }));
  },
};

/** For each of 17 options of every cell, cli-table3 splits a name and makes two lists: a third of a long table's time. */
const quickOptions = {
  name: 'quick-options',
  setup(plugin) {
    plugin.onLoad({ filter: /cli-table3[\\/]src[\\/]cell\.js$/ }, async ({ path }) => {
      const parts = (await readFile(path, 'utf8')).split(/(?=^function )/m);
      const at = parts.findIndex(part => part.startsWith('function setOption('));
      if (at < 0) throw new Error(`${path}: there is no setOption to replace`);
      parts[at] = `
        const fieldOf = new Map();
        function setOption(own, table, name, cell) {
          let field = fieldOf.get(name);
          if (field === undefined) fieldOf.set(name, (field = name.replace(/-(.)/, (_, first) => first.toUpperCase())));
          cell[field] = own[field] ?? own[name] ?? table[field] ?? table[name];
        }
      `;
      return { contents: parts.join('') };
    });
  },
};

const program = await build({
  ...shared,
  plugins: [oneCore, lightWidth, quickOptions],
  entryPoints: { main: 'src/program.ts' },
  outdir: 'dist/cli',
  outExtension: { '.js': '.cjs' },
  chunkNames: 'chunks/[name]-[hash]',
  // cli-table3 colours through this optional package; we colour through chalk.
  external: ['@colors/colors'],
  write: false,
});

// esbuild splits ES modules only; what V8 can keep compiled is CommonJS. So each chunk becomes CommonJS after it.
for (const { path, text } of program.outputFiles) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: shared.target,
    define: { 'import.meta.url': '__filename' },
    // Names stay, so that a stack of --debug can be read.
    minifyWhitespace: true,
    minifySyntax: true,
  });
  const lazy = code.replaceAll(/\bimport\(("\.[^"]+")\)/g, 'Promise.resolve(require($1))');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, asciiOf(lazy));
}

await build({
  ...shared,
  entryPoints: ['src/index.ts', 'src/node.ts'],
  outdir: 'dist/lib',
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
});

// What editors check configs and spec files against, from the types that the CLI checks them against.
for (const [module, make, file] of [
  ['src/cli/config-schema.ts', 'configJsonSchema', 'dist/config.schema.json'],
  ['src/spec/file-schema.ts', 'specJsonSchema', 'dist/spec.schema.json'],
]) {
  const { outputFiles } = await build({ ...shared, splitting: false, write: false, entryPoints: [module] });
  const schemas = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  await writeFile(file, `${JSON.stringify(schemas[make](), null, 2)}\n`);
}

// What V8 makes of the program, kept after it ran: the functions that were called are in it, compiled.
const scripts = new Map();
const { createHost, run } = loadCached(
  () => undefined,
  (path, script) => scripts.set(path, script),
);
const silent = { on() {}, write() {} };
const host = createHost({ stdout: silent, stderr: silent, env: {}, on() {}, off() {} });
for (const args of [
  ['count', '@224x224x3', 'conv3x3', '32', 's2'],
  ['count', 'test/golden/mobilenet_v2.onnx', '--format', 'json'],
  ['count', 'test/golden/mobilenet_v2.onnx', '--get', 'macs'],
  ['compare', 'zoo:mobilenet-v1'],
  ['explain', 'conv3x3', '3-256'],
  ['run', 'examples/separable/spec.yaml'],
  ['zoo'],
  ['check', '--config', 'examples/ci-budget/convcost.config.yaml'],
]) {
  const code = await run(args, host);
  if (code !== 0) throw new Error(`convcost ${args.join(' ')}: exit code ${code}`);
}
for (const [path, script] of scripts) await writeFile(cachePath(path), script.createCachedData());
