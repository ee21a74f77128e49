import { expect, it } from 'vitest';
import { peakProbe } from '../../../src/engines/wasm/probes.js';

it('the peak is there as work to run among other work', () => {
  const probe = peakProbe()!;
  probe.run();
  expect(probe.macs).toBeGreaterThan(100_000);
});
