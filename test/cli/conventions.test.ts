import { describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const words = (line: string) => line.split(' ');
const json = async (line: string) => JSON.parse((await convcost(words(`${line} --format json`))).stdout);

describe('--convention', () => {
  it('totals and layers are the tool`s', async () => {
    const { convention, networks } = await json('count zoo:mobilenet-v2 --convention thop');
    expect(convention).toBe('thop');
    expect(networks[0].totals.macs).toBe(327_486_720);
    const sum = networks[0].layers.reduce((all: number, { macs }: { macs: number }) => all + macs, 0);
    expect(sum).toBe(327_486_720);
    const { stdout } = await convcost(words('count zoo:mobilenet-v2 --convention thop --get macs'));
    expect(stdout).toBe('327486720\n');
  });

  it('the footer names it, and a layer that costs something has its line', async () => {
    const { stdout } = await convcost(words('count @8x8x4 conv3x3 2 bn relu6 --convention thop'));
    expect(stdout).toContain('(convention: thop)');
    expect(stdout).toMatch(/^bn1 .*512/m);
    expect(stdout).not.toMatch(/^relu61/m);
  });

  it('holds for compare, of one source and of several', async () => {
    const { totals } = await json('compare zoo:mobilenet-v1 --convention torchinfo');
    expect(totals.separable.macs).toBe(568_740_352 + 1000);
    const { networks } = await json('compare zoo:mobilenet-v1 zoo:mobilenet-v2 --convention fvcore');
    expect(networks[1].totals.macs).toBe(314_193_216);
  });

  it('a name that is none exits 2 and lists them', async () => {
    const { code, stderr } = await convcost(words('count zoo:mobilenet-v2 --convention toph'));
    expect(code).toBe(2);
    expect(stderr).toContain('ptflops-aten');
  });
});

describe('--explain-convention', () => {
  it.each([
    'count zoo:mobilenet-v2 --convention ptflops --explain-convention',
    'count zoo:mobilenet-v2 --explain-convention ptflops',
    'count --explain-convention zoo:mobilenet-v2 --convention ptflops',
    'count --explain-convention ptflops zoo:mobilenet-v2',
  ])('%s: terms sum to the whole difference', async line => {
    const { kind, explanations } = await json(line);
    expect(kind).toBe('convention');
    expect(explanations).toHaveLength(1);
    const [{ convcost: ours, terms, difference, total, convention }] = explanations;
    const amounts = terms.map(({ amount }: { amount: number }) => amount);
    expect(convention).toBe('ptflops');
    expect(amounts.reduce((a: number, b: number) => a + b, 0)).toBe(difference);
    expect(ours + difference).toBe(total);
    expect(total).toBe(320_300_008);
  });

  it('says where the total is a lower bound', async () => {
    const tokens = 'count @8x8x4 conv3x3 4 unknown word=LSTM --explain-convention thop';
    expect((await convcost(words(tokens))).stdout).toContain('LOWER BOUND, 1 layer unknown: LSTM');
    const [{ coverage }] = (await json(tokens)).explanations;
    expect(coverage.kind).toBe('lower-bound');
    expect((await convcost(words(`${tokens} --strict`))).code).toBe(3);
  });

  it('without a name explains every other tool', async () => {
    const { stdout } = await convcost(words('count --explain-convention zoo:mobilenet-v2 --format csv'));
    expect(stdout).toContain('thop,batch norm,26712448,52,4 per element\n');
    expect(stdout).toContain('onnx-tool,activations,12211584,35,');
  });
});
