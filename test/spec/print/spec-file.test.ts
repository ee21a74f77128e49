import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../../src/cost/count.js';
import type { Network } from '../../../src/model/network.js';
import { buildNetwork } from '../../../src/spec/build.js';
import { parseSpecFile } from '../../../src/spec/file.js';
import { printSpecFile } from '../../../src/spec/print/spec-file.js';
import { toSpec } from '../../../src/spec/print/to-spec.js';
import { zooNetworks } from '../../../src/zoo/index.js';
import { zooNetwork } from '../../../src/zoo/zoo-name.js';
import { aNetwork } from '../../builders.js';
import { randomConv } from '../../random-conv.js';
import { hostileNames, rawControls } from '../../report/hostile-names.js';
import { type ChainLanguage, chains, wholeLanguage } from './chains.js';

/** Written as a spec file, and read back. */
const again = (network: Network): Network =>
  buildNetwork(parseSpecFile(printSpecFile(toSpec(network)), 'x.yaml'), {
    name: network.name,
    source: network.source,
    format: network.format,
  });

const language: ChainLanguage = {
  ...wholeLanguage,
  activations: ['relu', 'leakyRelu', 'hardSigmoid', 'clamp', 'gelu'],
};

describe('a spec file that a network was written to reads back to the same network', () => {
  it.each(zooNetworks.map(({ name }) => name))('zoo:%s', name => {
    const network = zooNetwork(`zoo:${name}`);
    expect(again(network)).toEqual(network);
  });

  it('a convolution of any kind, to the last edge', () => {
    fc.assert(
      fc.property(randomConv(), ({ spec, input: { batch, channels, sizes } }) => {
        const { outChannels, transposed, ...window } = spec;
        const network = buildNetwork(
          {
            input: { shape: [batch, ...sizes, channels], layout: `N${'DHW'.slice(3 - sizes.length)}C` },
            layers: [{ op: transposed ? 'tconv' : 'conv', out: outChannels, ...defined(window) }],
          },
          { name: 'x', source: 'x', format: 'x' },
        );
        const back = again(network);
        expect(back.layers.map(axesOf)).toEqual(network.layers.map(axesOf));
        expect(countNetwork(back).totals).toEqual(countNetwork(network).totals);
      }),
    );
  });

  it('any chain of layers', () => {
    fc.assert(
      fc.property(chains(language), spec => {
        const network = buildNetwork(spec, { name: 'x', source: 'x', format: 'x' });
        expect(again(network)).toEqual(network);
      }),
    );
  });

  it.each([
    '@8x8x4 conv3x3 8 s2 p1,0,0,1 bias act=leakyRelu alpha=0.2 name=first',
    '@8x8x4 dw3x3 m2 dw3x3 psame-lower d2 pw 6 s2 tconv3x3 4 s2 p1 outpad=1 tconv3x3 4 s2 p0 outshape=9x9',
    '@9x9x4 maxpool3x3 s2 ceil avgpool3x3 s1 p1 countpad=no avgpool2x2 adaptivepool size=2x1 gap',
    '@8x8x4 bn eps=0.001 name=a relu form=function name=b add from=a,b slice start=0 end=2 shuffle g2',
    '@8x8x4 hardSigmoid alpha=0.2 clamp min=-1 max=2 softmax dropout fc 3 nobias fc 2 act=tanh',
    '@20x4 conv5 8 s2 pvalid unknown 3 word=LSTM',
    '@4x4x4x2 conv3x3x3 5 g1 psame-lower',
  ])('%s', tokens => {
    const network = aNetwork(tokens);
    expect(again(network)).toEqual(network);
  });

  it('values of inputs, weights and biases', () => {
    const text = `
name: small
data: {layout: NHWC, shape: [1, 2, 2, 1], values: [1, 2, 3, 4]}
inputs:
  other: {fill: ramp, shape: [1, 2, 2, 2]}
layers:
  - {op: conv, name: a, out: 2, kernel: [2, 2], padding: same, weights: {layout: HWIO, values: [1, 2, 3, 4, 5, 6, 7, 8]}, biasValues: [1, 2]}
  - {op: add, name: b, from: [a, other]}
  - {op: conv, name: c, out: 1, kernel: [1, 1], weights: {fill: ones, seed: 1}}
`;
    const network = buildNetwork(parseSpecFile(text, 'x.yaml'), { name: 'x', source: 'x', format: 'x' });
    expect(again(network)).toEqual(network);
  });

  it('names that YAML or JavaScript could misread', () => {
    const base = aNetwork('@8x8x4 conv3x3 4 name=a conv3x3 4 name=b add from=a,b');
    const odd: Record<string, string> = { a: '1e3: #x', b: '__proto__' };
    const renamed = JSON.parse(JSON.stringify({ ...base, params: [], data: [] }), (key, value) =>
      key === 'name' && Object.hasOwn(odd, value) ? odd[value] : value,
    );
    const back = again({ ...renamed, params: base.params, data: new Map() });
    expect(back.layers.map(({ name }) => name)).toEqual(['1e3: #x', '__proto__', 'add1']);
    expect(back.layers[2]!.inputs.map(({ name }) => name)).toEqual(['1e3: #x', '__proto__']);
  });
});

it('hostile names come back as they were, and the file holds no control characters', () => {
  const names = Object.values(hostileNames);
  const network = buildNetwork(
    { input: { numbers: [8, 8, 3] }, layers: names.map(name => ({ op: 'conv', name, kernel: 3, out: 3 })) },
    { name: '\u001b[2J\u202e', source: 'x', format: 'x' },
  );
  expect(printSpecFile(toSpec(network))).not.toMatch(rawControls);
  expect(again(network)).toEqual(network);
});

describe('what a spec cannot say is refused by name', () => {
  it('weights that two layers share', () => {
    const network = aNetwork('@8x8x4 conv3x3 4 conv3x3 4');
    const layers = network.layers.map(layer => ({ ...layer, params: network.layers[0]!.params }));
    expect(() => toSpec({ ...network, layers })).toThrow(
      expect.objectContaining({
        code: 'cannot-export',
        details: expect.objectContaining({ layer: 'conv2' }),
      }),
    );
  });

  it('layers of other ops', () => {
    const network = aNetwork('@8x8x4 relu');
    const layers = network.layers.map(layer => ({
      ...layer,
      kind: 'free' as const,
      compute: { type: 'other' as const, elementwise: true },
    }));
    expect(() => toSpec({ ...network, layers })).toThrow(expect.objectContaining({ code: 'cannot-export' }));
  });
});

const axesOf = (layer: Network['layers'][number]) => layer.kind === 'conv' && layer.geometry.axes;
const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
