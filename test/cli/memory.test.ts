import { expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const words = (line: string) => line.split(' ');

it('count --columns memory explains the peak', async () => {
  const { stdout } = await convcost(words('count zoo:mobilenet-v1 --columns memory'));
  expect(stdout).toContain(
    'peak 4.59 MiB at block1.pw, with 2 tensors alive\n  block1.dw.relu 1x112x112x32: 1.53 MiB\n',
  );
  expect(stdout).toContain('4,210,088 params; stored: f32 16.06 MiB');
  expect(stdout).toMatch(/macs per byte/);
});

it('JSON has the peak, what fusion saves, and bytes by type', async () => {
  const { stdout } = await convcost(words('count @8x8x4 dw3x3 m4 pw 2 --dtype f16 --format json'));
  const { memory, totals, layers } = JSON.parse(stdout).networks[0];
  expect(memory.peak).toMatchObject({ bytes: 2 * 64 * 20, layer: 'dw1' });
  expect(memory.fusedSavesBytes).toBe(2 * 64 * 14);
  expect(memory.paramBytesByDtype).toEqual({ f16: totals.paramBytes });
  expect(layers[0].dtype).toBe('f16');
});

it.each([
  ['f32', 4],
  ['f16', 2],
  ['i8', 1],
])('--dtype %s, for count and compare', async (dtype, size) => {
  const counted = await convcost(words(`count zoo:mobilenet-v1 --dtype ${dtype} --get paramBytes`));
  expect(counted.stdout).toBe(`${4_210_088 * size}\n`);
  const compared = await convcost(
    words(`compare zoo:mobilenet-v1 zoo:vgg-16 --dtype ${dtype} --format json`),
  );
  expect(JSON.parse(compared.stdout).networks[0].totals.peakActivationBytes).toBe((4_816_896 / 4) * size);
});
