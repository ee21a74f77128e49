// Builds dist/: the CLI as one bundle with lazy chunks (start-up is what scripts feel), and the library
// with its dependencies left to the user's package manager. Types come from `tsc -p tsconfig.build.json`.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

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

await build({
  ...shared,
  plugins: [oneCore, lightWidth],
  entryPoints: { main: 'src/program.ts' },
  outdir: 'dist/cli',
  chunkNames: 'chunks/[name]-[hash]',
  // Names stay, so that a stack of --debug can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  // commander and cli-table3 are CommonJS and ask for Node's own modules through require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // cli-table3 colours through this optional package; we colour through chalk.
  external: ['@colors/colors'],
});

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
