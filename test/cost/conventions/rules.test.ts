import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBy, explainConvention } from '../../../src/cost/conventions/apply.js';
import { conventionNamed, conventionNames, conventions } from '../../../src/cost/conventions/index.js';
import { countNetwork } from '../../../src/cost/count.js';
import { buildNetwork } from '../../../src/spec/build.js';
import { parseNotation } from '../../../src/spec/notations/index.js';
import { zooNetworks } from '../../../src/zoo/index.js';
import { zooNetwork } from '../../../src/zoo/zoo-name.js';
import { aNetwork } from '../../builders.js';
import { type ChainLanguage, chains, wholeLanguage } from '../../spec/print/chains.js';

const added = (convention: string, tokens: string) => {
  const { terms } = explainConvention(countNetwork(aNetwork(tokens)), conventionNamed(convention));
  return Object.fromEntries(terms.map(({ term, amount }) => [term, amount]));
};

describe('terms', () => {
  it.each(zooNetworks.map(({ name }) => name))(
    'of %s sum to the whole difference, in every convention',
    name => {
      const cost = countNetwork(zooNetwork(`zoo:${name}`));
      for (const convention of conventions) {
        const { ours, terms, total } = explainConvention(cost, convention);
        expect(
          terms.reduce((sum, { amount }) => sum + amount, ours),
          convention.name,
        ).toBe(total);
        expect(countBy(cost, convention).totals.macs).toBe(total);
        expect(ours).toBe(cost.totals.macs);
      }
    },
  );

  it.each(conventionNames)('%s adds nothing to convolutions without bias, norm or activation', convention => {
    const plain = '@16x16x4 conv3x3 8 dw3x3 s2 pw 16 conv3x3 8 g2 d2 fc 10 nobias';
    expect(added(convention, plain)).toEqual({});
  });

  it('layers differ from ours only where a term says so', () => {
    const cost = countNetwork(zooNetwork('zoo:mobilenet-v3-small'));
    for (const convention of conventions) {
      const { terms } = explainConvention(cost, convention);
      const changed = countBy(cost, convention).layers.filter(({ macs }, i) => macs !== cost.layers[i]!.macs);
      expect(changed.length, convention.name).toBe(terms.reduce((sum, { layers }) => sum + layers, 0));
    }
  });
});

const language: ChainLanguage = {
  ...wholeLanguage,
  activations: [...wholeLanguage.activations, 'gelu', 'tanh'],
};

describe('any chain of layers', () => {
  const chain = chains(language).map(spec => buildNetwork(spec, { name: 'x', source: 'x', format: 'spec' }));

  it('differs by named terms alone', () => {
    fc.assert(
      fc.property(chain, network => {
        const cost = countNetwork(network);
        for (const convention of conventions) {
          const { ours, terms, total } = explainConvention(cost, convention);
          expect(
            terms.reduce((sum, { amount }) => sum + amount, ours),
            convention.name,
          ).toBe(total);
        }
      }),
    );
  });

  it('keeps the macs of every convolution that is no more than its multiplies', () => {
    fc.assert(
      fc.property(chain, network => {
        const cost = countNetwork(network);
        for (const convention of conventions) {
          countBy(cost, convention).layers.forEach(({ layer, macs }, index) => {
            if (layer.kind !== 'conv' || layer.bias || layer.geometry.transposed) return;
            const next = network.layers[index + 1];
            const isNormed = next?.kind === 'free' && next.compute.type === 'batch-norm';
            if (layer.activation.name !== 'none' || isNormed) return;
            expect(macs, convention.name).toBe(cost.layers[index]!.macs);
          });
        }
      }),
    );
  });
});

describe('rules', () => {
  const pixels = 8 * 8 * 4;

  it.each([
    // convention, layers after @8x8x4, terms
    ['fvcore', 'bn', { batchNorm: 2 * pixels }],
    ['fvcore', 'bn form=function', { batchNorm: 2 * pixels }],
    ['fvcore', 'gap form=function', { adaptivePooling: pixels }],
    ['fvcore', 'gap form=method', {}],
    ['fvcore', 'relu maxpool2x2 sigmoid', {}],
    ['thop', 'bn', { batchNorm: 4 * pixels }],
    ['thop', 'bn form=function', {}],
    ['thop', 'gap', { adaptivePooling: 65 * 4 }],
    ['thop', 'gap form=function', {}],
    ['thop', 'avgpool2x2', { pooling: pixels / 4 }],
    ['thop', 'maxpool2x2 relu', {}],
    ['thop', 'softmax', { softmax: 64 * (3 * 4 - 1) }],
    ['ptflops', 'relu', { activations: 2 * pixels }],
    ['ptflops', 'relu form=function', { activations: pixels }],
    ['ptflops', 'relu6', { activations: pixels }],
    ['ptflops', 'silu', { activations: pixels }],
    ['ptflops', 'hardswish hardSigmoid sigmoid', {}],
    ['ptflops', 'maxpool2x2', { pooling: 2 * pixels }],
    ['ptflops', 'gap form=function', { pooling: pixels }],
    ['ptflops', 'gap form=method', {}],
    ['ptflops', 'bn', { batchNorm: 2 * pixels }],
    ['torchinfo', 'bn', { batchNorm: 2 * 4 }],
    ['torchinfo', 'relu gap', {}],
    ['onnx-tool', 'relu', { activations: pixels }],
    ['onnx-tool', 'relu6', { activations: 2 * pixels }],
    ['onnx-tool', 'hardSigmoid', { activations: 4 * pixels }],
    ['onnx-tool', 'hardswish', { activations: 5 * pixels }],
    ['onnx-tool', 'silu', { activations: 33 * pixels }],
    ['onnx-tool', 'maxpool2x2', { pooling: pixels }],
    ['onnx-tool', 'gap', { adaptivePooling: (64 + 4) * 4 }],
    ['onnx-tool', 'gap form=method', { adaptivePooling: 64 * 4 }],
    ['onnx-tool', 'bn', { batchNorm: 31 * pixels }],
  ])('%s of %s', (convention, layers, terms) => {
    expect(added(convention, `@8x8x4 ${layers}`)).toEqual(terms);
  });

  it('onnx-tool: a batch norm behind a convolution becomes that convolution`s bias', () => {
    expect(added('onnx-tool', '@8x8x4 conv3x3 2 bn')).toEqual({ biasAdds: 8 * 8 * 2 });
    expect(added('onnx-tool', '@8x8x4 conv3x3 2 name=c bn name=b add from=c,b')).toEqual({
      batchNorm: 31 * 8 * 8 * 2,
      additions: 8 * 8 * 2,
    });
  });

  it('onnx-tool: operators of a model file that nothing here runs', () => {
    const network = aNetwork('@8x8x4 relu name=a gap name=b mul from=a,b');
    const [a, b, product] = network.layers;
    const other = {
      ...product!,
      kind: 'free' as const,
      compute: { type: 'other' as const, elementwise: true },
    };
    const layers = [a!, b!, { ...other, op: 'Mul' }, { ...other, name: 'root', op: 'Sqrt' }];
    const { terms } = explainConvention(countNetwork({ ...network, layers }), conventionNamed('onnx-tool'));
    expect(terms.filter(({ term }) => ['multiplications', 'elementwise'].includes(term))).toMatchObject([
      { amount: pixels, layers: 1 },
      { amount: 24 * pixels, layers: 1 },
    ]);
  });

  it('an activation inside a convolution is one of its own', () => {
    expect(added('ptflops', '@8x8x4 conv3x3 2 act=relu')).toEqual(added('ptflops', '@8x8x4 conv3x3 2 relu'));
  });

  it('what is called as a function counts nothing where modules are hooked', () => {
    for (const convention of ['thop', 'torchinfo', 'ptflops']) {
      expect(added(convention, '@8x8x4 conv3x3 2 bias form=function')).toEqual({
        functions: -8 * 8 * 4 * 2 * 9,
      });
    }
  });

  it('transposed convolutions are counted on their output', () => {
    const tokens = '@4x4x3 tconv2x2 5 s2';
    const ours = 4 * 4 * 3 * 5 * 4;
    for (const convention of ['thop', 'torchinfo', 'ptflops']) {
      expect(added(convention, tokens)).toEqual({ transposed: 8 * 8 * 3 * 5 * 4 - ours });
    }
    for (const convention of ['fvcore', 'ptflops-aten', 'paper'])
      expect(added(convention, tokens)).toEqual({});
    expect(added('onnx-tool', tokens)).toEqual({ transposed: 8 * 8 * 5 * 5 * 4 - ours });
  });

  it('fvcore misses convolutions whose padding PyTorch writes as a word', () => {
    const print = 'Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=same, bias=False)';
    const network = buildNetwork(parseNotation(print, { file: '-', from: 'pytorch' }), {
      name: 'print',
      source: '-',
      format: 'pytorch',
      shape: [3, 8, 8],
    });
    expect(explainConvention(countNetwork(network), conventionNamed('fvcore')).total).toBe(0);
  });
});
