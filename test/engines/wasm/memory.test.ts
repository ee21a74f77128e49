import { expect, it } from 'vitest';
import { executeSteps } from '../../../src/engines/execute.js';
import { createWasmEngine } from '../../../src/engines/wasm/index.js';
import { zooNetwork } from '../../../src/zoo/zoo-name.js';

// Its weights are 17 MB, the maps between its layers 20 MB.
it('MobileNet v1 runs in 40 MB, and in less when its pairs are fused', async () => {
  const network = zooNetwork('zoo:mobilenet-v1');
  const bytes: number[] = [];
  for (const fuse of [false, true]) {
    const engine = await createWasmEngine();
    const options = { fuse, data: network.data, readArray: () => Promise.reject(new Error('no files')) };
    for await (const ready of executeSteps(network, engine, options)) await ready.run();
    bytes.push(engine.memoryBytes());
    await engine.close();
  }
  expect(bytes[0]).toBeLessThan(40e6);
  expect(bytes[1]).toBeLessThan(bytes[0]!);
});
