// convcost as a library: how much does a width multiplier of one half save, and does the half still run?
import { countNetwork, parseNetwork } from 'convcost';
import { createWasmEngine, runNetwork } from 'convcost/node';

const full = parseNetwork('@112x112x32 sep3x3 64 sep3x3 128 s2 sep3x3 128');
const half = parseNetwork('@112x112x16 sep3x3 32 sep3x3 64 s2 sep3x3 64');
const [before, after] = [full, half].map(network => countNetwork(network).totals.macs);
console.log(`${before} macs at full width, ${after} at half`);

const engine = await createWasmEngine();
for (const [name, { shape, layout }] of await runNetwork(half, engine)) {
  console.log(`${name}: ${layout} ${shape.join('x')}`);
}
await engine.close();
