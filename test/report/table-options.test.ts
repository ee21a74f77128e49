import { describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';
import { parseCsv } from './csv-reader.js';

const network = '@56x56x16 conv3x3 32 s2 relu6 sep3x3 64 gap fc 10';
const csv = async (options: string, source = `count ${network}`) => {
  const { stdout, stderr } = await convcost(`${source} --format csv ${options}`.split(' '));
  expect(stderr).toBe('');
  return parseCsv(stdout);
};
const names = async (options: string) =>
  (await csv(`--columns name ${options}`)).slice(1).map(([name]) => name);

describe('--columns', () => {
  it.each([
    ['name,macs', 'name,macs'],
    ['layer,kind,in bounds', 'name,flavor,macsInBounds'],
    ['MACS,name', 'macs,name'],
    ['macs,cost', 'macs,name,flavor,kernel,output,share,bar,params'],
    ['memory', 'name,flavor,output,params,activationBytes,trafficBytes,macsPerByte'],
  ])('%s', async (columns, heading) => {
    const args = ['count', ...network.split(' '), '--format', 'csv', '--columns', columns];
    expect((await convcost(args)).stdout.split('\n')[0]).toBe(heading);
  });

  it('of a table keep their order, and total where there is a place for it', async () => {
    const { stdout } = await convcost(`count ${network} --columns macs,params,kind`.split(' '));
    expect(
      stdout
        .split('\n')
        .slice(2, 8)
        .map(line => line.trim().split(/ {2,}/)),
    ).toEqual([
      ['macs', 'params', 'kind'],
      ['3.61 M', '4608', 'standard'],
      ['225.8 k', '288', 'depthwise'],
      ['1.61 M', '2048', 'pointwise'],
      ['gap'],
      ['640', '650', 'matmul'],
    ]);
    expect(stdout).toContain('5.44 M    7594  total');
  });
});

describe('--sort, --top and --filter', () => {
  it.each([
    ['--sort macs', ['conv1', 'sep1.pw', 'sep1.dw', 'fc1', 'relu61', 'gap1']],
    ['--sort macs:asc', ['relu61', 'gap1', 'fc1', 'sep1.dw', 'sep1.pw', 'conv1']],
    ['--sort name', ['conv1', 'fc1', 'gap1', 'relu61', 'sep1.dw', 'sep1.pw']],
    ['--sort layer:desc --top 2', ['sep1.pw', 'sep1.dw']],
    ['--top 2', ['conv1', 'sep1.pw']],
    ['--top 99', ['conv1', 'sep1.pw', 'sep1.dw', 'fc1', 'relu61', 'gap1']],
    ['--filter sep1.*', ['sep1.dw', 'sep1.pw']],
    ['--filter *1', ['conv1', 'relu61', 'gap1', 'fc1']],
    ['--filter gap1,*.pw --sort macs', ['sep1.pw', 'gap1']],
  ])('%s', async (options, expected) => {
    expect(await names(options)).toEqual(expected);
  });

  it('leave the totals whole, and say how much is shown', async () => {
    const { stdout } = await convcost(`count ${network} --top 1`.split(' '));
    expect(stdout).toContain('5,444,736 macs');
    expect(stdout).toContain('(1 of 6 layers shown)');
    const json = JSON.parse((await convcost(`count ${network} --top 1 --format json`.split(' '))).stdout);
    expect(json.networks[0].layers.map(({ name }: { name: string }) => name)).toEqual(['conv1']);
    expect(json.networks[0].totals.macs).toBe(5_444_736);
  });

  it('an element-wise layer that is asked for has its line in a table', async () => {
    const { stdout } = await convcost(`count ${network} --filter relu*`.split(' '));
    expect(stdout).toMatch(/^relu61 /m);
  });

  it('work on comparisons', async () => {
    const rows = await csv(
      '--columns name,standard --sort ratio:asc',
      'compare @56 conv3x3 8-16 conv3x3 16 conv5x5 32',
    );
    expect(rows).toEqual([
      ['name', 'standard'],
      ['conv3', String(56 * 56 * 25 * 16 * 32)],
      ['conv2', String(56 * 56 * 9 * 16 * 16)],
    ]);
  });

  it('of networks side by side keep the ratio to the first that was named', async () => {
    const networks = ['@8 conv3x3 4-4', '@8 dw3x3 4-4', '@8 conv5x5 4-4'];
    const args = ['compare', ...networks, '--format', 'csv', '--columns', 'macs,ratio', '--sort', 'macs'];
    expect(parseCsv((await convcost(args)).stdout)).toEqual([
      ['macs', 'ratio'],
      ['25600', String(25 / 9)],
      ['9216', '1'],
      ['2304', '0.25'],
    ]);
  });

  it('`*` upon `*` takes no time on a long name', async () => {
    const name = 'a'.repeat(5000);
    const files = { 'long.json': JSON.stringify({ input: '8x8x3', layers: [{ op: 'gap', name }] }) };
    const pattern = `${'*a'.repeat(40)}*b`;
    const { code, stderr } = await convcost(['count', 'long.json', '--filter', pattern], { files });
    expect(code).toBe(2);
    expect(stderr).toContain('No row is called');
  });
});

describe('what cannot be shown is refused', () => {
  it.each([
    ['--columns macz', "Did you mean 'macs'?"],
    ['--columns name,', 'There is no column ""'],
    ['--columns toString', 'There are: network, name'],
    ['--columns memry', "Did you mean 'memory'?"],
    ['--sort macs:down', 'a column, alone or with :asc or :desc after it'],
    ['--sort mac', "Did you mean 'macs'?"],
    ['--top 0', 'at least 1'],
    ['--top many', 'a whole number'],
    ['--filter conv9', "Did you mean 'conv1'?"],
  ])('%s', async (options, says) => {
    const { code, stdout, stderr } = await convcost(`count ${network} ${options}`.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});
