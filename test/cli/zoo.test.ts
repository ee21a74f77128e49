import { describe, expect, it } from 'vitest';
import { zooNetworks } from '../../src/zoo/index.js';
import { convcost } from '../fake-host.js';
import { printMobilenetV2 } from '../spec/notations/torch-print.js';

describe('zoo', () => {
  it('lists every network with its figures', async () => {
    const { code, stdout } = await convcost(['zoo']);
    expect(code).toBe(0);
    for (const { name } of zooNetworks) expect(stdout).toContain(`zoo:${name} `);
    expect(stdout).toMatch(/zoo:mobilenet-v1 .*568\.7 M .*70\.6 .*569 /);
  });

  it('lists them for scripts', async () => {
    const { stdout } = await convcost(['zoo', '--format', 'json']);
    const { kind, networks } = JSON.parse(stdout);
    expect(kind).toBe('zoo');
    expect(networks[0]).toMatchObject({
      name: 'mobilenet-v1',
      parameters: ['width', 'resolution'],
      macs: 568_740_352,
      params: 4_210_088,
      published: { top1: '70.6', macsM: '569' },
    });
  });

  it("--paper mobilenet-v1 holds the paper's tables against ours, at 80 columns", async () => {
    const { code, stdout } = await convcost(['zoo', '--paper', 'mobilenet-v1'], {
      width: 80,
      env: { NO_COLOR: '1' },
    });
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
    expect(Math.max(...stdout.split('\n').map(line => [...line].length))).toBeLessThanOrEqual(80);
  });

  it.each([
    // arguments, in the message
    [['zoo', '--paper', 'mobilenet'], "Did you mean 'mobilenet-v1'?"],
    [['count', 'zoo:mobilnet-v1'], "Did you mean 'mobilenet-v1'?"],
    [['count', 'zoo:mobilenet-v1,widht=1'], "Did you mean 'width'?"],
    [['count', 'zoo:vgg-16,resolution=0'], 'a whole number of pixels'],
  ])('%j exits 2', async (args, words) => {
    const { code, stdout, stderr } = await convcost(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

it('compare shows five networks in one table, with published accuracy', async () => {
  const names = ['mobilenet-v1', 'vgg-16', 'googlenet', 'squeezenet-1.0', 'alexnet'];
  const { code, stdout } = await convcost(['compare', ...names.map(name => `zoo:${name}`)], {
    width: 80,
    env: { NO_COLOR: '1' },
  });
  expect(code).toBe(0);
  expect(stdout).toMatchSnapshot();
});

describe('pasted text', () => {
  const image = ['--input', '1x3x224x224'];

  it('from stdin: print(mobilenet_v2())', async () => {
    const { code, stdout } = await convcost(['count', '-', ...image, '--format', 'json'], {
      stdin: printMobilenetV2(),
    });
    expect(code).toBe(0);
    const [network] = JSON.parse(stdout).networks;
    expect(network).toMatchObject({ name: 'MobileNetV2', format: 'pytorch' });
    expect(network.totals.macs - network.totals.byFlavor.matmul).toBe(299_494_272);
    expect(network.totals.byFlavor.matmul).toBe(1_280_000);
    expect(network.notes.join('\n')).toMatch(/no data flow[\s\S]*global average pool before it is implied/);
  });

  it('from a file, with the place of a mistake', async () => {
    const files = { 'net.txt': 'Conv / s2 | 3x3x3x32 | 224x224x3\nConv dv / s1 | 3x3x32 dw | 112x112x32\n' };
    const { code, stderr } = await convcost(['count', 'net.txt'], { files });
    expect(code).toBe(2);
    expect(stderr).toContain('net.txt:2:1');
    expect(stderr).toContain("Did you mean 'conv dw'?");
  });

  it('in no known notation names those that are', async () => {
    const { code, stderr } = await convcost(['count', 'net.txt'], { files: { 'net.txt': 'hello world' } });
    expect(code).toBe(2);
    expect(stderr).toContain('--from: pytorch, paper-table');
  });

  it('of a chain that does not fit: an error, or with --loose a lower bound', async () => {
    const files = { 'net.txt': 'Conv2d(3, 8, 1)\nConv2d(3, 64, 1)\nConv2d(8, 4, 1)\n' };
    const strict = await convcost(['count', 'net.txt', ...image], { files });
    expect(strict.code).toBe(2);
    expect(strict.stderr).toContain('net.txt:2:1');
    const loose = await convcost(['count', 'net.txt', ...image, '--loose'], { files });
    expect(loose.code).toBe(0);
    expect(loose.stdout).toContain('LOWER BOUND');
    expect((await convcost(['count', 'net.txt', ...image, '--loose', '--strict'], { files })).code).toBe(3);
  });
});
