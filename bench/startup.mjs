// What a whole process takes more than `node -e 0`: the command line that scripts call most, and the first result of
// one MobileNet layer from the library. Interleaved, medians. Usage: node bench/startup.mjs (after npm run build)
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './convcost.mjs';

const script = `
import { createWasmEngine, resolveConv, makeActivation } from ${JSON.stringify(new URL('node_modules/.cache/convcost.mjs', import.meta.url).href)};
const size = 56, channels = 128;
const geometry = resolveConv({ kernel: 1, outChannels: channels }, { batch: 1, channels, sizes: [size, size] });
const problem = { kind: 'conv', geometry, bias: true, activation: makeActivation('relu') };
const engine = await createWasmEngine();
const kernel = engine.kernels.find(({ supports }) => supports(problem));
const input = engine.allocate(size * size * channels).fill(1);
const output = engine.allocate(size * size * channels);
kernel.prepare(problem, [new Float32Array(channels * channels).fill(1), new Float32Array(channels)]).run([input], output);
if (output[0] !== channels) throw new Error('wrong result');
`;

const bin = fileURLToPath(new URL('../bin/convcost.js', import.meta.url));
const tokens = ['count', '@224x224x3', 'conv3x3', '32', 's2'];
const contestants = [
  ['node -e 0', ['-e', '0']],
  [tokens.join(' '), [bin, ...tokens]],
  ['the first result of pw 56x56 128->128', ['--input-type=module', '-e', script]],
];
const samples = contestants.map(() => []);
for (let round = 0; round < 25; round++) {
  for (const [at, [name, parameters]] of contestants.entries()) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, parameters);
    samples[at].push(performance.now() - start);
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
  }
}
const bare = median(samples[0]);
console.log(`Node ${process.version}, medians of 25`);
for (const [at, [name]] of contestants.entries()) {
  const ms = median(samples[at]);
  console.log(`${name}: ${ms.toFixed(0)} ms${at === 0 ? '' : `, ${(ms - bare).toFixed(0)} ms more`}`);
}
