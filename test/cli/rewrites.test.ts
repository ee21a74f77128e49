import { describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const words = (line: string) => line.split(' ');
const json = async (line: string) => JSON.parse((await convcost(words(`${line} --format json`))).stdout);

interface JsonLayer {
  readonly flavor: string;
  readonly macs: number;
  readonly params: number;
  readonly output: readonly number[];
}
const counted = (layers: readonly JsonLayer[]) =>
  layers
    .filter(({ flavor }) => flavor !== 'free')
    .map(({ flavor, macs, params, output }) => ({ flavor, macs, params, output }));

describe('compare --rewrite', () => {
  it('mobilenet-v1-standard by separable is mobilenet-v1, layer by layer', async () => {
    const { networks } = await json('compare zoo:mobilenet-v1-standard --rewrite separable');
    const [paper] = (await json('count zoo:mobilenet-v1')).networks;
    expect(networks[1].rewrite).toBe('separable');
    expect(counted(networks[1].layers)).toEqual(counted(paper.layers));
  });

  it('several plans are columns, per layer and in total', async () => {
    const line = 'compare @32x32x3 conv3x3 16 conv3x3 32 s2 --rewrite separable,grouped:4';
    const { layers, totals, ratios } = await json(line);
    expect(layers[1]).toEqual({
      name: 'conv2',
      flavor: 'standard',
      original: { macs: 16 * 16 * 16 * 32 * 9, params: 4608 },
      separable: { macs: 16 * 16 * 16 * (32 + 9), params: 16 * (32 + 9) },
      'grouped:4': { macs: 16 * 16 * 32 * 9 * 4, params: 1152 },
    });
    expect(totals.separable.macs).toBe(layers[0].separable.macs + layers[1].separable.macs);
    expect(ratios[1]).toBe(totals.separable.macs / totals.original.macs);
    const { stdout } = await convcost(words(line));
    expect(stdout).toMatch(/^layer +channels +kernel +original +separable +grouped:4$/m);
    expect(stdout).toMatch(/^total /m);
    const { stdout: csv } = await convcost(words(`${line} --format csv --columns name,grouped:4`));
    expect(csv).toBe('name,grouped:4\nconv1,442368\nconv2,294912\n');
    const lines = (await convcost(words(`${line} --format ndjson`))).stdout.trim().split('\n');
    expect(lines).toHaveLength(2 + 3);
  });

  it('a pair that becomes one convolution stands in the line of its second layer', async () => {
    const { layers } = await json('compare @8x8x4 sep3x3 8 --rewrite standard');
    expect(
      layers.map(({ name, standard }: { name: string; standard?: unknown }) => [name, standard]),
    ).toEqual([
      ['sep1.dw', undefined],
      ['sep1.pw', { macs: 8 * 8 * 4 * 8 * 9, params: 288 }],
    ]);
  });

  it('--layers restricts, also to the first convolution', async () => {
    const { layers } = await json('compare @8x8x4 conv3x3 8 conv3x3 8 --rewrite separable --layers conv1');
    expect(layers[0].separable.macs).toBe(8 * 8 * 4 * (9 + 8));
    expect(layers[1].separable).toEqual(layers[1].original);
  });

  it('counts by another convention', async () => {
    const { totals } = await json('compare @8x8x4 conv3x3 8 bias --rewrite separable --convention torchinfo');
    expect(totals.original.macs).toBe(8 * 8 * 4 * 8 * 9 + 8 * 8 * 8);
  });

  it.each<[string, string]>([
    ['compare @8x8x4 conv3x3 8 --rewrite seperable', "Did you mean 'separable'?"],
    ['compare @8x8x4 conv3x3 8 --rewrite grouped', 'the number of groups'],
    ['compare @8x8x4 conv3x3 8 --rewrite resolution:4 --layers conv1', 'Leave --layers out'],
    ['compare @8x8x4 conv3x3 8 --rewrite separable --layers conv9', "Did you mean 'conv1'?"],
    ['compare zoo:vgg-16 zoo:alexnet --rewrite separable', 'one source'],
    ['compare @8x8x4 conv3x3 8 --rewrite separable,spatial --format spec', 'writes one network'],
    ['explain conv3x3 3-8 --format spec', 'Allowed choices are table'],
    ['count zoo:vgg-16 --rewrite resolution:8', 'Layer features.'],
  ])('%s', async (line, says) => {
    const { code, stdout, stderr } = await convcost(words(line));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});

describe('a rewritten network is a network like any other', () => {
  it('counted', async () => {
    const { stdout } = await convcost(
      words('count zoo:mobilenet-v1-standard --rewrite separable --get macs'),
    );
    expect(stdout).toBe('568740352\n');
    expect((await convcost(words('count @8x8x4 conv3x3 8 --rewrite ir:2'))).stdout).toContain(
      'rewritten: ir:2',
    );
  });

  it.each(['separable', 'spatial', 'grouped:2', 'bottleneck', 'ir:2', 'width:0.5', 'resolution:8'])(
    'exported by %s, it reads back to the same counts',
    async plan => {
      const source =
        '@16x16x4 conv3x3 16 bias conv3x3 16 act=relu name=a conv5x5 16 name=b add from=a,b gap fc 10';
      const { stdout: file } = await convcost(words(`compare ${source} --rewrite ${plan} --format spec`));
      const { networks } = await json(`compare ${source} --rewrite ${plan}`);
      const read = await convcost(words('count x.yaml --format json'), { files: { 'x.yaml': file } });
      const [back] = JSON.parse(read.stdout).networks;
      expect(back.totals).toEqual(networks[1].totals);
      expect(back.layers).toEqual(networks[1].layers);
    },
  );

  it('run', async () => {
    const { code, stdout } = await convcost(words('run @6x6x2 conv3x3 4 --rewrite bottleneck:2 --runs 1'));
    expect(code).toBe(0);
    expect(stdout).toContain('conv1.reduce');
  });
});

describe('count --format spec', () => {
  it('writes layers line by line', async () => {
    const { stdout } = await convcost(
      words('count @8x8x3 conv3x3 4 s2 bias act=relu6 gap fc 10 --format spec'),
    );
    expect(stdout).toBe(`name: "@8x8x3 conv3x3 4 s2 bias act=relu6 gap fc 10"
input: {shape: [1, 8, 8, 3], layout: NHWC}
layers:
  - {op: conv, name: conv1, out: 4, kernel: [3, 3], stride: 2, padding: same, bias: true, activation: relu6}
  - {op: gap, name: gap1}
  - {op: fc, name: fc1, out: 10}
`);
  });
});
