// From the start of a process to the first result of one MobileNet layer, beside `node -e 0`. Interleaved, medians.
import { spawnSync } from 'node:child_process';
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

const contestants = [
  ['node -e 0', ['-e', '0']],
  ['pw 56x56 128->128', ['--input-type=module', '-e', script]],
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
const [bare, layer] = samples.map(median);
console.log(
  `Node ${process.version}: node -e 0 ${bare.toFixed(0)} ms, to the first result ${layer.toFixed(0)} ms: ${(layer - bare).toFixed(0)} ms more.`,
);
