import { describe, expect, it } from 'vitest';
import type { Network } from '../../../src/model/network.js';
import { buildNetwork } from '../../../src/spec/build.js';
import { parseTokens } from '../../../src/spec/tokens.js';
import { zooNetworks } from '../../../src/zoo/index.js';
import { zooNetwork } from '../../../src/zoo/zoo-name.js';
import { networkOf } from '../notations/helpers.js';
import { printTokens } from './tokens.js';

const read = (text: string): Network =>
  buildNetwork(parseTokens(text), { name: 'x', source: 'x', format: 'tokens' });

describe('every network of the zoo, printed as tokens, reads back to the same layers', () => {
  it.each(zooNetworks.map(({ name }) => name))('%s', name => {
    const network = zooNetwork(`zoo:${name}`);
    const again = read(printTokens(network));
    expect(again.layers).toEqual(network.layers);
    expect(again.params).toEqual(network.params);
    expect(again.outputs).toEqual(network.outputs);
  });
});

it.each([
  '@16x3 conv3 8 s2 p1 bias act=relu name=first',
  '@8x8x8x2 conv3x1x3 4 s1x2x1 d2x1x1 g2 pvalid',
  '@9x9x4 tconv3x3 8 s2 p1 g2 outpad=1x0 act=leakyRelu alpha=0.2',
  '@9x9x4 dw3x3 m2 psame-lower sep3x3 8 s2',
  '@9x9x4 conv3x3 8 p0,1,2,3 avgpool3x3 s2 p1 ceil countpad=no maxpool2x2 d2',
  '@9x9x4 pw 8 name=a pw 8 from=input name=b add from=a,b concat from=a,b mul from=a,b',
  '@9x9x4 conv1x1 4 g4 clamp min=-1 max=2 bn eps=0.001 flatten fc 10 nobias softmax',
  '@9x9x4 ir3x3 t6 4 x2 mbconv3x3 8 t4 squeeze=0.25 gap dropout',
])('%s', text => {
  const network = read(text);
  expect(read(printTokens(network)).layers).toEqual(network.layers);
});

it('prints no more than is needed', () => {
  const text = '@224x224x3\nconv3x3 32 s2\ndw3x3\npw 64\nmaxpool2x2\nfc 10\n';
  expect(printTokens(read(text))).toBe(text);
});

it('refuses what tokens cannot say, by name', () => {
  const loose = networkOf('Conv2d(3, 4, 1)\nLSTM()', { loose: true, shape: [1, 3, 8, 8] });
  expect(() => printTokens(loose)).toThrow(/^tokens cannot say .+ \(LSTM\)$/);
});
