import { describe, expect, it } from 'vitest';
import { compareSeparable } from '../../src/cost/compare.js';
import { countNetwork } from '../../src/cost/count.js';
import { aNetwork } from '../builders.js';

/** Howard et al. 2017 (arXiv 1704.04861), table 1; the exact numbers behind its rounded ones. */
const mobilenetV1 =
  '@224x224x3 conv3x3 32 s2 sep3x3 64 sep3x3 128 s2 sep3x3 128 sep3x3 256 s2 sep3x3 256 sep3x3 512 s2 ' +
  'sep3x3 512 x5 sep3x3 1024 s2 sep3x3 1024 gap fc 1000';

describe('MobileNet v1', () => {
  const { totals, coverage } = countNetwork(aNetwork(mobilenetV1));

  it('569 million mult-adds and 4.2 million parameters', () => {
    expect(totals.macs).toBe(568_740_352);
    expect(totals.params).toBe(4_210_088);
    expect(coverage.kind).toBe('complete');
  });

  it('shares of table 2, the first convolution apart, which the paper prints as 1.19', () => {
    const share = (flavor: keyof typeof totals.byFlavor) =>
      Number(((100 * totals.byFlavor[flavor]) / totals.macs).toFixed(2));
    expect(share('pointwise')).toBe(94.86);
    expect(share('depthwise')).toBe(3.06);
    expect(share('standard')).toBe(1.91);
    expect(share('matmul')).toBe(0.18);
  });

  it('its standard twin has 4866 million without the dense layer, 29.3 million parameters', () => {
    const { standard, separable } = compareSeparable(aNetwork(mobilenetV1));
    expect(standard.totals.macs).toBe(4_867_293_184);
    expect(standard.totals.params).toBe(29_282_120);
    expect(separable.totals).toEqual(totals);
  });

  it('live activations peak where the first pointwise layer doubles the channels', () => {
    expect(totals.peakActivationBytes).toBe(112 * 112 * (32 + 64) * 4);
  });
});

it('MobileNetV2 (Sandler et al. 2018, table 2): 300 million mult-adds, peak as the design measured it', () => {
  const { totals } = countNetwork(
    aNetwork(
      '@224x224x3 conv3x3 32 s2 ir3x3 t1 16 ir3x3 t6 24 s2 x2 ir3x3 t6 32 s2 x3 ir3x3 t6 64 s2 x4 ir3x3 t6 96 x3 ' +
        'ir3x3 t6 160 s2 x3 ir3x3 t6 320 pw 1280 gap fc 1000',
    ),
  );
  expect(totals.macs).toBe(299_494_272 + 1_280_000);
  expect(totals.byFlavor.depthwise).toBe(20_716_416);
  expect(totals.peakActivationBytes).toBe(6_021_120);
});

it("the paper's internal layer (table 3): 14x14, 512 to 512", () => {
  const { standard, separable } = compareSeparable(aNetwork('@14x14 conv3x3 512-512'));
  expect(standard.totals).toMatchObject({ macs: 462_422_016, params: 2_359_296 });
  expect(separable.totals).toMatchObject({ macs: 52_283_392, params: 266_752 });
});

it("the article's cost example: 3 to 256 channels at 224x224", () => {
  const [layer] = compareSeparable(aNetwork('@224x224x3 conv3x3 256')).layers;
  expect(layer).toMatchObject({
    standard: { macs: 346_816_512 },
    depthwise: { macs: 1_354_752 },
    pointwise: { macs: 38_535_168 },
  });
  expect(layer!.ratio).toBeCloseTo(1 / 256 + 1 / 9, 12);
});

it('a count past 2^53 - 1 is refused, naming the layer', () => {
  const network = aNetwork('@100000x100000 conv99x99 1000-1000 name=huge');
  expect(() => countNetwork(network)).toThrow(expect.objectContaining({ code: 'too-large', layer: 'huge' }));
});
