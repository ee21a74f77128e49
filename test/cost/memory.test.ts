import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { peakActivations } from '../../src/cost/memory.js';
import { memoryReport } from '../../src/cost/memory-report.js';
import { storedAs } from '../../src/rewrite/dtype.js';
import { zooNetworks } from '../../src/zoo/index.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';
import { aNetwork } from '../builders.js';

const zoo = (name: string) => zooNetwork(`zoo:${name}`);
const names = zooNetworks.map(({ name }) => name);

describe.each(names)('%s', name => {
  it('peaks between the largest layer and the sum of all', () => {
    const { layers, totals } = countNetwork(zoo(name));
    const largest = Math.max(...layers.map(({ activationBytes }) => activationBytes));
    expect(totals.peakActivationBytes).toBeGreaterThanOrEqual(largest);
    expect(totals.peakActivationBytes).toBeLessThanOrEqual(totals.activationBytes);
  });

  it('is explained: the tensors alive sum to the peak, and fusion never costs memory', () => {
    const { peak, fusedPeak, fusedSavesBytes, paramBytesByDtype } = memoryReport(zoo(name));
    const { totals } = countNetwork(zoo(name));
    for (const { bytes, alive } of [peak, fusedPeak])
      expect(alive.reduce((sum, tensor) => sum + tensor.bytes, 0)).toBe(bytes);
    expect(peak.bytes).toBe(totals.peakActivationBytes);
    expect(fusedSavesBytes).toBe(peak.bytes - fusedPeak.bytes);
    expect(fusedSavesBytes).toBeGreaterThanOrEqual(0);
    expect(paramBytesByDtype).toEqual({ f32: totals.paramBytes });
  });
});

describe('the peak of MobileNet v1', () => {
  it('is where the first pointwise layer doubles the channels', () => {
    expect(peakActivations(zoo('mobilenet-v1'))).toEqual({
      bytes: 4_816_896,
      layer: 'block1.pw',
      alive: [
        { name: 'block1.dw.relu', shape: [1, 112, 112, 32], bytes: 112 * 112 * 32 * 4 },
        { name: 'block1.pw', shape: [1, 112, 112, 64], bytes: 112 * 112 * 64 * 4 },
      ],
    });
  });

  it('stays where a pair is as wide on either side, and falls where the middle was the widest', () => {
    // Fused, block 1 still reads 32 channels and writes 64.
    expect(memoryReport(zoo('mobilenet-v1')).fusedSavesBytes).toBe(0);
    // 8x8: the middle holds 4 times 4 channels, input and output 4 and 2.
    const { peak, fusedPeak } = memoryReport(aNetwork('@8x8x4 dw3x3 m4 relu pw 2'));
    expect(peak.bytes).toBe(64 * (4 + 16) * 4);
    expect(fusedPeak).toMatchObject({ bytes: 64 * (4 + 2) * 4, layer: 'pw1' });
    expect(memoryReport(zoo('mobilenet-v2')).fusedSavesBytes).toBeGreaterThan(0);
  });
});

describe('stored in other types', () => {
  it.each([
    ['f32', 4],
    ['f16', 2],
    ['i8', 1],
  ] as const)('%s: %i bytes a value, and the same counts', (dtype, size) => {
    const before = countNetwork(zoo('mobilenet-v1')).totals;
    const after = countNetwork(storedAs(zoo('mobilenet-v1'), dtype)).totals;
    expect(after).toMatchObject({ macs: before.macs, params: before.params });
    expect(after.paramBytes).toBe(4_210_088 * size);
    for (const key of ['peakActivationBytes', 'activationBytes', 'trafficBytes'] as const)
      expect(after[key]).toBe((before[key] / 4) * size);
  });

  it('whole numbers stay what they are', () => {
    const network = aNetwork('@8x8x4 pw 4');
    const indices = network.inputs.map(input => ({ ...input, dtype: 'i64' as const }));
    expect(storedAs({ ...network, inputs: indices }, 'i8').inputs[0]!.dtype).toBe('i64');
  });
});
