import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { zooNetworks } from '../../src/zoo/index.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';

const totalsOf = (name: string) => {
  const { totals, coverage } = countNetwork(zooNetwork(`zoo:${name}`));
  const { macs, params, byFlavor, peakActivationBytes } = totals;
  return { macs, params, conv: macs - byFlavor.matmul, fc: byFlavor.matmul, peakActivationBytes, coverage };
};

describe('MobileNet v1, as the paper counts it', () => {
  it.each([
    // name, macs, params
    ['mobilenet-v1', 568_740_352, 4_210_088],
    ['mobilenet-v1,resolution=192', 418_121_728, 4_210_088],
    ['mobilenet-v1,resolution=160', 290_675_200, 4_210_088],
    ['mobilenet-v1,resolution=128', 186_400_768, 4_210_088],
    ['mobilenet-v1,width=0.75', 325_400_448, 2_569_144],
    ['mobilenet-v1,width=0.5', 149_497_088, 1_320_648],
    ['mobilenet-v1,width=0.25', 41_030_272, 464_600],
    ['mobilenet-v1,width=0.5,resolution=160', 76_524_800, 1_320_648],
    ['mobilenet-v1-standard', 4_867_293_184, 29_282_120],
    ['mobilenet-v1-shallow', 307_323_392, 2_876_328],
  ])('%s', (name, macs, params) => {
    expect(totalsOf(name)).toMatchObject({ macs, params, coverage: { kind: 'complete' } });
  });

  it('splits by flavor as table 2 of the paper', () => {
    const { macs, byFlavor } = countNetwork(zooNetwork('zoo:mobilenet-v1')).totals;
    const percent = (part: number) => ((100 * part) / macs).toFixed(2);
    expect(percent(byFlavor.pointwise)).toBe('94.86');
    expect(percent(byFlavor.depthwise)).toBe('3.06');
    expect(percent(byFlavor.standard)).toBe('1.91');
    expect(percent(byFlavor.matmul)).toBe('0.18');
  });
});

describe('the other networks, as torchvision has them', () => {
  it.each([
    // name, macs of convolutions, of fully connected layers, params
    ['alexnet', 655_566_528, 58_621_952, 61_100_840],
    ['vgg-16', 15_346_630_656, 123_633_664, 138_357_544],
    ['squeezenet-1.0', 818_924_576, 0, 1_248_424],
    ['squeezenet-1.1', 349_151_936, 0, 1_235_496],
    ['resnet-18', 1_813_561_344, 512_000, 11_689_512],
    ['resnet-50', 4_087_136_256, 2_048_000, 25_557_032],
    ['googlenet', 1_581_647_872, 1_024_000, 7_005_832],
    ['inception-v3', 5_711_168_096, 2_048_000, 23_834_568],
    ['mobilenet-v2', 299_494_272, 1_280_000, 3_504_872],
    ['mobilenet-v3-large', 214_080_960, 2_508_800, 5_483_032],
    ['mobilenet-v3-small', 54_896_576, 1_613_824, 2_542_856],
    ['shufflenet-v2-1.0', 143_883_992, 1_024_000, 2_278_604],
    ['efficientnet-b0', 384_534_752, 1_280_000, 5_288_548],
  ])('%s', (name, conv, fc, params) => {
    expect(totalsOf(name)).toMatchObject({ conv, fc, params, coverage: { kind: 'complete' } });
  });
});

it.each([
  ['mobilenet-v1', 4_816_896],
  ['mobilenet-v2', 6_021_120],
])('%s holds at most %i bytes of activations at once', (name, peakActivationBytes) => {
  expect(totalsOf(name)).toMatchObject({ peakActivationBytes });
});

it('every network ends in 1000 classes', () => {
  for (const { name } of zooNetworks) {
    const network = zooNetwork(`zoo:${name}`);
    const last = network.layers.at(-1)?.outputs[0];
    expect(last?.shape, name).toEqual([1, 1000]);
    expect(network.outputs, name).toEqual([last?.name]);
  }
});
