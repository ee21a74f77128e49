// Compares convcost's wasm engine with its peers, layer by layer and over whole networks, and writes the
// tables of docs/kernels.md to standard output. `node run.mjs [filter] [--no-networks] [--budget <ms>]
// [--clock wall|cpu] [--algorithm <name>]`.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { clocks, interleave, prepareAll } from './compare.mjs';
import { measureMachineLimits, peakProbe } from './convcost.mjs';
import { distinct, separable, standard, valuesFor } from './layers.mjs';
import { convcost } from './peers/convcost.mjs';
import { onnxruntime } from './peers/onnxruntime.mjs';
import { tfjs } from './peers/tfjs.mjs';
import { ms, percent, table, times } from './table.mjs';
import { cacheBytes, kindOf, layerTargets, limitTargets, networkTargets } from './targets.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    budget: { type: 'string', default: '500' },
    algorithm: { type: 'string', default: 'auto' },
    clock: { type: 'string', default: 'wall' },
    'no-networks': { type: 'boolean', default: false },
  },
});
const filter = new RegExp(positionals[0] ?? '');
const clock = clocks[options.clock];
const budgetMs = Number(options.budget);

/** Winograd's algorithm rounds differently; four decimals tell a wrong result from a rounded one. */
const tolerance = 1e-4;
const smallMacs = 15e6;

const version = name =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
const log = (...lines) => console.log(lines.join('\n'));

const native = await onnxruntime('node');
const wasm = await tfjs('wasm');
const plain = await tfjs('cpu');
const web = await onnxruntime('web');
const rivals = [native, wasm, web];
const ours = convcost('convcost', { algorithm: options.algorithm });

const limits = measureMachineLimits(clock.now);
const probe = peakProbe();
log(
  `${cpus()[0].model}, ${cpus().length} cores; Node ${process.version}; one thread; float32, batch 1; ${clock.says}.`,
  `onnxruntime-node and -web ${version('onnxruntime-node')}, tfjs ${version('@tensorflow/tfjs-core')}.`,
  '',
  table(
    ['limit of the machine', 'GMAC/s'],
    Object.entries(limits.gmacsPerSecond).map(([name, value]) => [name, value.toFixed(1)]),
  ),
  '',
  table(
    ['array', 'copy GB/s', 'triad GB/s'],
    limits.bandwidth.map(({ arrayBytes, copyGBPerSecond, triadGBPerSecond }) => [
      `${arrayBytes / 1024} KB`,
      copyGBPerSecond.toFixed(0),
      triadGBPerSecond.toFixed(0),
    ]),
  ),
  '',
);

const misses = [];
const hold = (what, value, target) => {
  if (target !== undefined && value < target) misses.push(`${what}: ${value.toFixed(2)}, target ${target}`);
};

await compareLayers(distinct.filter(({ name }) => filter.test(name)));
if (!options['no-networks']) {
  await compareNetwork('separable', separable, [ours, convcost('fused', { fuse: true })]);
  await compareNetwork('standard', standard, [ours, convcost('direct', { algorithm: 'direct' })]);
}
log(
  '',
  misses.length === 0
    ? 'Every target is met.'
    : `Missed targets:\n\n${misses.map(miss => `- ${miss}`).join('\n')}`,
);
process.exit(0);

async function compareLayers(layers) {
  const rows = [];
  for (const layer of layers) {
    const small = layer.macs < smallMacs ? [plain] : [];
    const values = [valuesFor(layer, 1)];
    const contestants = await prepareAll([ours, ...rivals, ...small], [layer], values, tolerance);
    // The limit takes part in every round: what slows the machine down slows it too.
    const [probeMs, own, ...others] = await interleave([probe, ...contestants], { budgetMs, clock });
    const limit = probe.macs / probeMs / 1e6;
    for (const { release } of contestants) await release?.();

    const gmacs = layer.macs / own / 1e6;
    const bytes = 4 * (layer.size ** 2 * layer.inChannels + layer.output ** 2 * layer.outChannels);
    const kind = kindOf(layer);
    for (const [at, { name }] of rivals.entries())
      hold(`${layer.name} against ${name}`, others[at] / own, layerTargets[name]?.[kind]);
    if (kind !== 'dw' || bytes <= cacheBytes)
      hold(`${layer.name} of the limit`, gmacs / limit, limitTargets[kind]);
    rows.push([
      layer.name,
      contestants[0].kernels[0].replace('-wasmsimd', ''),
      ms(own),
      gmacs.toFixed(1),
      percent(gmacs / limit),
      (bytes / own / 1e6).toFixed(1),
      ...others.slice(0, 3).map(other => `${ms(other)} (${times(other / own)})`),
      others[3] === undefined ? '' : `${ms(others[3])} (${times(others[3] / own)})`,
    ]);
    console.error(rows.at(-1).join('  '));
  }
  const names = [...rivals, plain].map(({ name }) => name);
  log(table(['layer', 'kernel', 'ms', 'GMAC/s', 'of peak', 'GB/s', ...names], rows), '');
}

async function compareNetwork(name, layers, variants) {
  const values = layers.map((layer, at) => valuesFor(layer, at + 1));
  const contestants = await prepareAll([...variants, ...rivals], layers, values, tolerance);
  const times_ = await interleave(contestants, { budgetMs: 4 * budgetMs, clock });
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const [own] = times_;
  for (const [at, contestant] of contestants.entries()) {
    if (at >= variants.length)
      hold(
        `${name} network against ${contestant.name}`,
        times_[at] / own,
        networkTargets[contestant.name]?.[name],
      );
  }
  log(
    table(
      [`all ${name} layers`, 'ms', 'GMAC/s', 'times as long', 'prepared in ms', 'memory MB'],
      contestants.map((contestant, at) => [
        contestant.name,
        ms(times_[at]),
        (macs / times_[at] / 1e6).toFixed(1),
        times(times_[at] / own),
        contestant.prepareMs.toFixed(0),
        contestant.memoryBytes ? (contestant.memoryBytes() / 1e6).toFixed(1) : '',
      ]),
    ),
    '',
  );
  for (const { release } of contestants) await release?.();
}
