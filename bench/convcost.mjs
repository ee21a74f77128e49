// convcost's own parts, bundled from source, so that a bench always measures the working tree.
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const outfile = new URL('node_modules/.cache/convcost.mjs', import.meta.url).pathname;

await build({
  stdin: {
    contents: `
      export { createWasmEngine } from './src/engines/wasm/index.js';
      export { peakProbe } from './src/engines/wasm/probes.js';
      export { noActivation, makeActivation } from './src/model/activation.js';
      export { resolveConv } from './src/model/conv.js';
      export { measureMachineLimits } from './src/timing/machine-limits.js';
      export { median } from './src/timing/statistics.js';`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile,
  logLevel: 'error',
});

export const {
  createWasmEngine,
  makeActivation,
  noActivation,
  resolveConv,
  measureMachineLimits,
  peakProbe,
  median,
} = await import(outfile);
