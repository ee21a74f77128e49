import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countNetwork, type LayerCost } from '../../src/cost/count.js';
import { parseInputOverrides, readModel, sourceFromBytes } from '../../src/formats/index.js';

/** What the running PyTorch model did, by hooks. README.md tells where the files come from. */
interface Expected {
  readonly file: string;
  readonly input: readonly number[];
  readonly convMacs: number;
  readonly linearMacs: number;
  readonly matmulMacs: number;
  readonly split: Readonly<Record<string, number>>;
  readonly torchParams: number;
  readonly onnxFloatInitializerElements: number;
  readonly layers: readonly ExpectedLayer[];
}

interface ExpectedLayer {
  readonly name: string;
  readonly type: string;
  readonly in?: readonly number[];
  readonly out?: readonly number[];
  readonly kernel?: readonly number[];
  readonly stride?: readonly number[];
  readonly padding?: readonly number[];
  readonly padding_end?: readonly number[];
  readonly dilation?: readonly number[];
  readonly groups?: number;
  readonly bias?: boolean;
  readonly macs: number;
  readonly macs_inside?: number;
}

const folder = new URL('./', import.meta.url);
const golden = Object.values(
  JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Expected>,
);

async function count(expected: Expected) {
  const source = sourceFromBytes(readFileSync(new URL(expected.file, folder)));
  const inputs = parseInputOverrides([expected.input.join('x')]);
  return countNetwork(await readModel(source, { name: expected.file, source: expected.file, inputs }));
}

describe.each(golden)('$file against the running PyTorch model', expected => {
  const counted = count(expected);
  const isConv = ({ type }: ExpectedLayer) => type.startsWith('Conv');

  it('has its totals, and knows every operator', async () => {
    const { totals, coverage } = await counted;
    const { standard, grouped, depthwise, pointwise, transposed, matmul } = totals.byFlavor;
    expect(coverage.unknown).toEqual([]);
    expect({
      depthwise_macs: depthwise,
      pointwise_macs: pointwise,
      transposed_macs: transposed,
      other_conv_macs: standard + grouped,
    }).toEqual({
      depthwise_macs: expected.split['depthwise_macs'],
      pointwise_macs: expected.split['pointwise_macs'],
      transposed_macs: expected.split['transposed_macs'],
      other_conv_macs: expected.split['other_conv_macs'],
    });
    expect(totals.macs - matmul).toBe(expected.convMacs);
    expect(matmul).toBe(expected.linearMacs + expected.matmulMacs);
    expect(totals.macsInBounds - matmul).toBe(expected.split['conv_macs_inside']);
  });

  it('tells products with weights from products of activations', async () => {
    const { layers } = await counted;
    const sum = (withWeights: boolean) =>
      layers
        .filter(({ layer }) => layer.kind === 'matmul' && layer.params.length > 0 === withWeights)
        .reduce((total, { macs }) => total + macs, 0);
    expect([sum(true), sum(false)]).toEqual([expected.linearMacs, expected.matmulMacs]);
  });

  it('has its params', async () => {
    const { totals } = await counted;
    const isUnfolded = expected.file.endsWith('.bn.onnx');
    expect(totals.params).toBe(isUnfolded ? expected.torchParams : expected.onnxFloatInitializerElements);
    expect(totals.params).toBe((await counted).layers.reduce((sum, { params }) => sum + params, 0));
  });

  it('has the shapes and the macs of every convolution', async () => {
    const convs = (await counted).layers.filter(({ layer }) => layer.kind === 'conv');
    expect(convs.map(describeConv)).toEqual(
      expected.layers.filter(isConv).map(layer => ({
        in: layer.in,
        out: layer.out,
        kernel: layer.kernel,
        stride: layer.stride,
        padding: layer.padding,
        padding_end: layer.padding_end,
        dilation: layer.dilation,
        groups: layer.groups,
        macs: layer.macs,
        macs_inside: layer.macs_inside,
      })),
    );
  });

  // The hooks list linear layers first, then products of activations; each in the order of the run.
  it('has the macs of every product', async () => {
    const products = (await counted).layers.filter(({ layer }) => layer.kind === 'matmul');
    const withWeights = ({ layer }: LayerCost) => layer.params.length > 0;
    const ordered = [...products.filter(withWeights), ...products.filter(cost => !withWeights(cost))];
    expect(ordered.map(({ macs }) => macs)).toEqual(
      expected.layers.filter(layer => !isConv(layer)).map(({ macs }) => macs),
    );
  });
});

function describeConv({ layer, macs, macsInBounds }: LayerCost) {
  if (layer.kind !== 'conv') throw new Error(`${layer.name} is no convolution`);
  const { axes, groups } = layer.geometry;
  return {
    in: layer.inputs[0]?.shape,
    out: layer.outputs[0]?.shape,
    kernel: axes.map(axis => axis.kernel),
    stride: axes.map(axis => axis.stride),
    padding: axes.map(axis => axis.padBegin),
    padding_end: axes.map(axis => axis.padEnd),
    dilation: axes.map(axis => axis.dilation),
    groups,
    macs,
    macs_inside: macsInBounds,
  };
}
