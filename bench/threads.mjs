// Two threads against one, layer by layer. The speed-up of the fastest tenth of the runs says what the kernels
// do when the other core is free, the median what they did on this machine at this time.
import { median } from './convcost.mjs';
import { distinct, valuesFor } from './layers.mjs';
import { convcost } from './peers/convcost.mjs';
import { ms, table, times } from './table.mjs';

const filter = new RegExp(process.argv[2] ?? '');
const rows = [];
for (const layer of distinct.filter(({ name }) => filter.test(name))) {
  const values = [valuesFor(layer, 1)];
  const contestants = await Promise.all(
    [1, 2].map(threads => convcost(`${threads}`, { threads }).prepare([layer], values)),
  );
  const samples = contestants.map(() => []);
  for (const { run } of contestants) for (let warm = 0; warm < 30; warm++) run();
  const begin = performance.now();
  while (performance.now() - begin < 1500) {
    for (const [at, { run }] of contestants.entries()) {
      run();
      for (let n = 0; n < 5; n++) {
        const start = performance.now();
        run();
        samples[at].push(performance.now() - start);
      }
    }
  }
  const fast = samples.map(all => median(all.toSorted((a, b) => a - b).slice(0, Math.ceil(all.length / 10))));
  const typical = samples.map(median);
  rows.push([
    layer.name,
    ms(typical[0]),
    ms(typical[1]),
    times(typical[0] / typical[1]),
    times(fast[0] / fast[1]),
  ]);
  for (const { release } of contestants) await release();
}
console.log(table(['layer', '1 thread, ms', '2 threads, ms', 'median', 'fastest tenth'], rows));
