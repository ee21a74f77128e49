'use strict';
// Compiling the program is most of a start. build.mjs leaves what V8 made of it beside it, in a code cache, for the
// Node that it ran on; other versions compile, and keep the result where they can (docs/decisions/0003).
const { readFileSync } = require('node:fs');
const nodeModule = require('node:module');
const { dirname, join } = require('node:path');
const vm = require('node:vm');

const main = join(__dirname, '../dist/cli/main.cjs');

/** V8 takes the code of its own version only. */
const cachePath = path => `${path}.${process.version}-${process.arch}.cache`;

/** A part that the build did not run has none. */
function cacheOf(path) {
  try {
    return readFileSync(cachePath(path));
  } catch {
    return undefined;
  }
}

/** The program's exports. */
function loadProgram() {
  if (cacheOf(main)) return loadCached(cacheOf);
  nodeModule.enableCompileCache?.();
  return require(main);
}

/**
 * The program's exports, compiled by us, as Node's own `require` takes no code cache.
 *
 * @param {(path: string) => Buffer | undefined} cacheOf what V8 made of a file
 * @param {(path: string, script: vm.Script) => void} [onScript] hears of every file
 */
function loadCached(cacheOf, onScript) {
  const modules = new Map();
  const load = path => {
    const known = modules.get(path);
    if (known) return known.exports;
    // The build writes ASCII only, which latin1 reads without decoding.
    const source = readFileSync(path, 'latin1');
    const script = new vm.Script(`(function(exports,require,module,__filename){${source}\n})`, {
      filename: path,
      cachedData: cacheOf(path),
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    onScript?.(path, script);
    const module = { exports: {} };
    modules.set(path, module);
    const requireFrom = name => (name.startsWith('.') ? load(join(dirname(path), name)) : require(name));
    script.runInThisContext()(module.exports, requireFrom, module, path);
    return module.exports;
  };
  return load(main);
}

module.exports = { cachePath, loadCached, loadProgram };
