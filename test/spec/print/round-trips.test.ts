import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../../src/model/network.js';
import { buildNetwork } from '../../../src/spec/build.js';
import type { LayerSpec, NetworkSpec } from '../../../src/spec/layer-spec.js';
import { detectNotation, parseNotation } from '../../../src/spec/notations/index.js';
import { zooNetwork } from '../../../src/zoo/zoo-name.js';
import { type ChainLanguage, chains, wholeLanguage } from './chains.js';
import { printKeras } from './keras.js';
import { printMobilenetV2Rows } from './mobilenet-v2-rows.js';
import { printPaperTable } from './paper-table.js';
import { printPytorch } from './pytorch.js';
import { printTokens } from './tokens.js';

const build = (spec: NetworkSpec, shape?: readonly number[]): Network =>
  buildNetwork(spec, { name: 'x', source: 'x', format: 'x', shape });

/** Layers and params, all but what the layers are called in their source. */
const contentOf = ({ layers, params, inputs, outputs }: Network) => ({
  layers: layers.map(({ op: _op, ...layer }) => layer),
  params,
  inputs,
  outputs,
});

/** Printed, found by content, and read back. */
function throughText(text: string, notation: string, shape?: readonly number[]): Network {
  expect(detectNotation(text)?.name, text).toBe(notation);
  return build(parseNotation(text), shape);
}

const language: ChainLanguage = {
  ...wholeLanguage,
  activations: [...wholeLanguage.activations, 'leakyRelu'],
};

it('a chain printed by PyTorch reads back to the same network', () => {
  fc.assert(
    fc.property(chains({ ...language, fuses: false, order: 'channels-first' }), spec => {
      const network = build(spec);
      // A print needs a first layer that says its channels, and a convolution to be known by.
      fc.pre(network.layers.some(({ kind }) => kind === 'conv'));
      const shape = network.inputs[0]!.shape;
      expect(contentOf(throughText(printPytorch(network), 'pytorch', shape))).toEqual(contentOf(network));
    }),
  );
});

it('a chain printed as Keras calls reads back to the same network', () => {
  fc.assert(
    fc.property(chains({ ...language, padding: 'same', transposes: false }), spec => {
      const network = build(spec);
      fc.pre(network.layers.some(({ kind }) => kind === 'conv'));
      expect(contentOf(throughText(printKeras(network), 'keras'))).toEqual(contentOf(network));
    }),
  );
});

it('a chain printed as tokens reads back to the same network', () => {
  fc.assert(
    fc.property(chains(language), spec => {
      const network = build(spec);
      expect(contentOf(throughText(printTokens(network), 'tokens'))).toEqual(contentOf(network));
    }),
  );
});

const size = (least: number, most: number) => fc.integer({ min: least, max: most });

it('rows of the paper read back to the same network', () => {
  const window = { kernel: fc.tuple(size(1, 3), size(1, 3)), stride: size(1, 2) };
  const row = fc.oneof(
    fc.record({ op: fc.constant('conv' as const), ...window, out: size(2, 9) }),
    fc.record({ op: fc.constant('dw' as const), ...window }),
    fc.record({ op: fc.constantFrom('maxpool', 'avgpool'), ...window } as const),
  );
  const head: readonly LayerSpec[] = [{ op: 'fc', out: 10 }, { op: 'softmax' }];
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 5 }),
      size(90, 120),
      fc.boolean(),
      (rows, side, hasHead) => {
        const input = { numbers: [side, side, 3] };
        const body = build({ input, layers: rows });
        const [, height, width] = body.layers.at(-1)!.outputs[0]!.shape;
        const pool: LayerSpec = { op: 'avgpool', kernel: [height!, width!], stride: 1 };
        const network = build({ input, layers: hasHead ? [...rows, pool, ...head] : rows });
        expect(contentOf(throughText(printPaperTable(network), 'paper-table'))).toEqual(contentOf(network));
      },
    ),
  );
});

it('rows t c n s read back to the same layers', () => {
  const optional = <Key extends string>(key: Key, least: number) =>
    size(least, 4).map(value => (value === 1 ? {} : { [key]: value }) as { [name in Key]?: number });
  const bottleneck = fc.tuple(size(1, 6), size(4, 64), optional('repeat', 1), optional('stride', 1)).map(
    ([expansion, out, repeat, stride]): LayerSpec => ({
      op: 'ir',
      kernel: [3, 3],
      expansion,
      out,
      ...stride,
      ...repeat,
    }),
  );
  const conv = fc
    .tuple(size(1, 5), size(4, 64), optional('stride', 1))
    .map(([kernel, out, stride]): LayerSpec => ({ op: 'conv', kernel: [kernel, kernel], out, ...stride }));
  const last = fc.constantFrom<LayerSpec>({ op: 'gap' }, { op: 'avgpool', kernel: [1, 1] });
  fc.assert(
    fc.property(fc.array(fc.oneof(bottleneck, conv), { minLength: 1, maxLength: 6 }), last, (body, end) => {
      const spec: NetworkSpec = { input: { numbers: [64, 64, 3] }, layers: [...body, end] };
      const text = printMobilenetV2Rows(spec);
      expect(contentOf(throughText(text, 'mobilenet-v2-rows')), text).toEqual(contentOf(build(spec)));
    }),
  );
});

describe('what a notation has no words for is refused by name', () => {
  it.each([
    // notation, printer, network, the first layer that it cannot say
    ['pytorch', printPytorch, 'mobilenet-v2', 'features.3.add'],
    ['keras', printKeras, 'vgg-16', 'features.0'],
    ['paper-table', printPaperTable, 'alexnet', 'features.0'],
  ])('%s', (notation, print, name, layer) => {
    expect(() => print(zooNetwork(`zoo:${name}`))).toThrow(`${notation} cannot say ${layer} (`);
  });
});
