import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import type { Network } from '../../src/model/network.js';
import { rewrites } from '../../src/rewrite/index.js';
import { parsePlan, parsePlans } from '../../src/rewrite/parse.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';
import { aNetwork } from '../builders.js';

const rewritten = (tokens: string, plan: string, layers?: (name: string) => boolean) =>
  parsePlan(plan).apply(aNetwork(tokens), { layers });
const zoo = (name: string) => zooNetwork(`zoo:${name}`);

/** What counts of every counted layer, its name apart. */
const counted = (network: Network) =>
  countNetwork(network)
    .layers.filter(({ layer }) => layer.kind === 'conv' || layer.kind === 'matmul')
    .map(({ layer, flavor, macs, macsInBounds, params }) => ({
      flavor,
      macs,
      macsInBounds,
      params,
      input: layer.inputs[0]!.shape,
      output: layer.outputs[0]!.shape,
    }));

const whole = (min: number, max: number) => fc.integer({ min, max });
const anyConv = fc
  .record({
    size: whole(7, 16),
    channels: whole(1, 4),
    out: whole(1, 4),
    kernel: fc.tuple(whole(1, 4), whole(2, 4)),
    stride: fc.tuple(whole(1, 2), whole(1, 2)),
    padding: fc.constantFrom('psame', 'psame-lower', 'p2', 'pvalid'),
    bias: fc.constantFrom('bias', 'nobias'),
  })
  .map(
    ({ size, channels, out, kernel, stride, padding, bias }) =>
      `@${size}x${size + 1}x${8 * channels} conv${kernel.join('x')} ${8 * out} s${stride.join('x')} ${padding} ${bias} act=relu`,
  );
const factorizations = [
  'separable',
  'separable:2',
  'standard',
  'spatial',
  'grouped:4',
  'bottleneck:4',
  'ir:3',
];

describe.each(factorizations)('%s', plan => {
  it('rewriting twice equals once', () => {
    fc.assert(
      fc.property(anyConv, tokens => {
        const once = rewritten(tokens, plan);
        expect(parsePlan(plan).apply(once)).toEqual(once);
      }),
    );
  });

  it('shapes, bias and activation at the end stay the same', () => {
    fc.assert(
      fc.property(anyConv, tokens => {
        const network = aNetwork(tokens);
        const last = rewritten(tokens, plan).layers.findLast(({ kind }) => kind === 'conv')!;
        const [conv] = network.layers;
        expect(rewritten(tokens, plan).layers.at(-1)!.outputs).toEqual(conv!.outputs);
        expect(last.kind === 'conv' && [last.bias, last.activation]).toEqual(
          conv!.kind === 'conv' && [conv!.bias, conv!.activation],
        );
      }),
    );
  });

  it('each layer reads what the one before writes', () => {
    fc.assert(
      fc.property(anyConv, tokens => {
        const { layers, inputs } = rewritten(tokens, plan);
        const written = new Map(inputs.map(({ name, shape }) => [name, shape]));
        for (const layer of layers) {
          for (const { name, shape } of layer.inputs) expect(written.get(name)).toEqual(shape);
          for (const { name, shape } of layer.outputs) written.set(name, shape);
        }
      }),
    );
  });
});

describe('formulas', () => {
  // 16x16 outputs, 3x3, 32 to 64 channels.
  const tokens = '@16x16x32 conv3x3 64';
  const standard = 16 * 16 * 32 * 64 * 9;

  it.each([
    ['separable', 16 * 16 * 32 * (9 + 64)],
    ['separable:2', 2 * 16 * 16 * 32 * (9 + 64)],
    ['spatial', 16 * 16 * 3 * (32 * 64 + 64 * 64)],
    ['grouped:4', standard / 4],
    ['bottleneck:4', 16 * 16 * (32 * 16 + 9 * 16 * 16 + 16 * 64)],
    ['ir:6', 16 * 16 * (32 * 192 + 9 * 192 + 192 * 64)],
    ['standard', standard],
  ])('%s: %i macs', (plan, macs) => {
    expect(countNetwork(rewritten(tokens, plan)).totals.macs).toBe(macs);
  });

  it('the stride of kx1 and 1xk sits each on its own axis', () => {
    const layers = rewritten('@16x16x4 conv5x3 8 s2x4', 'spatial').layers;
    expect(layers.map(({ outputs }) => outputs[0]!.shape)).toEqual([
      [1, 8, 16, 8],
      [1, 8, 4, 8],
    ]);
  });

  it('grouped leaves convolutions whose channels do not divide', () => {
    for (const tokens of ['@8x8x6 conv3x3 8', '@8x8x8 conv3x3 6'])
      expect(rewritten(tokens, 'grouped:4')).toEqual(aNetwork(tokens));
  });

  it('an inverted residual is that of the token ir, the addition too', () => {
    const tokens = '@8x8x16 conv3x3 16 act=none';
    expect(counted(rewritten(tokens, 'ir:6'))).toEqual(counted(aNetwork('@8x8x16 ir3x3 t6 16')));
    expect(rewritten(tokens, 'ir:6').layers.at(-1)!.op).toBe('add');
    expect(rewritten('@8x8x16 conv3x3 16 s2', 'ir:1').layers.map(({ op }) => op)).toEqual(['dw', 'pw']);
  });

  it("ResNet-50's own bottlenecks are no convolutions to reduce", () => {
    expect(parsePlan('bottleneck').apply(zoo('resnet-50'))).toEqual(zoo('resnet-50'));
  });
});

describe('networks', () => {
  it('mobilenet-v1-standard, made separable, is mobilenet-v1 layer by layer', () => {
    expect(counted(parsePlan('separable').apply(zoo('mobilenet-v1-standard')))).toEqual(
      counted(zoo('mobilenet-v1')),
    );
  });

  it('standard after separable gives back the counts', () => {
    const network = zoo('mobilenet-v1-standard');
    expect(counted(parsePlan('separable+standard').apply(network))).toEqual(counted(network));
  });

  it.each([
    ['mobilenet-v1', 'width:0.5', 'mobilenet-v1,width=0.5'],
    ['mobilenet-v1', 'width:0.25', 'mobilenet-v1,width=0.25'],
    ['mobilenet-v1', 'resolution:160', 'mobilenet-v1,resolution=160'],
    ['mobilenet-v1', 'width:0.5+resolution:160', 'mobilenet-v1,width=0.5,resolution=160'],
    ['mobilenet-v2', 'resolution:0.5', 'mobilenet-v2,resolution=112'],
    ['efficientnet-b0', 'resolution:160', 'efficientnet-b0,resolution=160'],
    ['mobilenet-v1-standard', 'separable+width:0.75', 'mobilenet-v1,width=0.75'],
  ])('%s by %s is %s', (name, plan, same) => {
    expect(counted(parsePlan(plan).apply(zoo(name)))).toEqual(counted(zoo(same)));
  });

  it.each([
    'shufflenet-v2-1.0',
    'resnet-50',
    'googlenet',
    'mobilenet-v3-small',
    'efficientnet-b0',
    'squeezenet-1.1',
  ])('width follows the branches of %s', name => {
    const half = parsePlan('width:0.5').apply(zoo(name));
    const [before, after] = [countNetwork(zoo(name)).totals, countNetwork(half).totals];
    expect(after.macs).toBeLessThan(before.macs / 2);
    expect(after.macs).toBeGreaterThan(before.macs / 5);
    expect(half.layers.at(-1)!.outputs[0]!.shape).toEqual([1, 1000]);
  });

  it('width keeps groups whole', () => {
    const grouped = rewritten('@8x8x12 conv3x3 36 g12 conv1x1 8', 'width:0.7').layers[0]!;
    expect(grouped.outputs[0]!.shape.at(-1)).toBe(24);
  });
});

describe('--layers', () => {
  const tokens = '@16x16x8 conv3x3 8 name=a conv3x3 8 name=b conv3x3 8 name=c';
  it.each(['separable', 'grouped:2', 'spatial', 'bottleneck', 'ir'])('%s of one alone', plan => {
    const { layers } = rewritten(tokens, plan, name => name === 'b');
    expect(layers[0]).toEqual(aNetwork(tokens).layers[0]);
    expect(layers.at(-1)).toEqual(aNetwork(tokens).layers[2]);
    expect(layers.length > 3 || layers[1] !== aNetwork(tokens).layers[1]).toBe(true);
  });

  it('width of one, standard of one pair', () => {
    const half = rewritten(
      '@16x16x8 conv3x3 64 conv3x3 64 conv3x3 64',
      'width:0.5',
      name => name === 'conv2',
    );
    expect(half.layers.map(({ outputs }) => outputs[0]!.shape.at(-1))).toEqual([64, 32, 64]);
    const pairs = rewritten('@16x16x8 sep3x3 8 sep3x3 8', 'standard', name => name === 'sep2');
    expect(pairs.layers.map(({ name }) => name)).toEqual(['sep1.dw', 'sep1.pw', 'sep2']);
  });
});

describe('plans as text', () => {
  it('columns by commas, steps by plus, numbers behind a colon', () => {
    expect(parsePlans('separable,width:0.5+grouped:4').map(({ name }) => name)).toEqual([
      'separable',
      'width:0.5+grouped:4',
    ]);
  });

  it.each([
    ['seperable', 'unknown-rewrite'],
    ['constructor', 'unknown-rewrite'],
    ['', 'unknown-rewrite'],
    ['grouped', 'bad-rewrite-value'],
    ['grouped:0', 'bad-rewrite-value'],
    ['grouped:1.5', 'bad-rewrite-value'],
    ['grouped:1e3', 'bad-rewrite-value'],
    ['width:0', 'bad-rewrite-value'],
    ['width:-1', 'bad-rewrite-value'],
    ['resolution:1.5', 'bad-rewrite-value'],
    ['standard:2', 'bad-rewrite-value'],
  ])('%s is refused', (text, code) => {
    expect(() => parsePlan(text)).toThrow(expect.objectContaining({ code }));
  });

  it('every rewrite with a usual number can be named alone', () => {
    for (const [name, { value }] of Object.entries(
      rewrites as Record<string, { value?: { usual?: number } }>,
    )) {
      if (value && value.usual === undefined) continue;
      expect(() => parsePlan(name).apply(aNetwork('@8x8x8 conv3x3 8')), name).not.toThrow();
    }
  });
});
