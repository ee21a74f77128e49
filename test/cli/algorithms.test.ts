import { expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const words = (line: string) => line.split(' ');

it('compare --algorithms: JSON has what applies to each layer', async () => {
  const line = 'compare @8x8x4 conv3x3 8 conv3x3 8 s2 fc 10 --algorithms';
  const { kind, layers } = JSON.parse((await convcost(words(`${line} --format json`))).stdout);
  expect(kind).toBe('algorithms');
  const [first, second, last] = layers;
  expect(first.algorithms.map(({ algorithm }: { algorithm: string }) => algorithm)).toEqual([
    'direct',
    'im2col',
    'winograd-f2x2',
    'winograd-f4x4',
  ]);
  expect(first.algorithms[1]).toEqual({
    algorithm: 'im2col',
    multiplies: 8 * 8 * 4 * 8 * 9,
    bufferBytes: 4 * 8 * 8 * 4 * 9,
  });
  expect(second).toMatchObject({
    name: 'conv2',
    found: 'standard',
    separable: 4 * 4 * 8 * (9 + 8),
    fewest: 'separable',
  });
  expect(second.algorithms).toHaveLength(2);
  expect(last.algorithms).toEqual([{ algorithm: 'direct', multiplies: 4 * 4 * 8 * 10, bufferBytes: 0 }]);
});

it('JSON has the algorithms of the network`s own layers too, those of pairs apart', async () => {
  const { stdout } = await convcost(words('compare @8x8x4 sep3x3 8 --algorithms --format json'));
  const { layers, networks } = JSON.parse(stdout);
  expect(layers).toMatchObject([{ name: 'sep1', found: 'separable', separable: 8 * 8 * 4 * (9 + 8) }]);
  const names = networks[0].layers.map(({ name, algorithms }: { name: string; algorithms: unknown[] }) => [
    name,
    algorithms.length,
  ]);
  expect(names).toEqual([
    ['sep1.dw', 2],
    ['sep1.pw', 2],
  ]);
});

it('as a table, in CSV, after a rewrite, and for some layers', async () => {
  const { stdout } = await convcost(words('compare zoo:mobilenet-v1 --algorithms'));
  expect(stdout).toMatch(/^layer +kernel +direct +im2col buffer +F\(2x2\) +F\(4x4\) +separable/m);
  expect(stdout).toContain('separable needs the fewest multiplies in 13 of 13 eligible layers');
  const csv = await convcost(
    words('compare @8x8x4 conv3x3 4 --algorithms --format csv --columns name,winograd-f4x4'),
  );
  expect(csv.stdout).toBe('name,winograd-f4x4\nconv1,2304\n');
  const rewritten = await convcost(
    words('compare @8x8x4 conv3x3 4 --algorithms --rewrite spatial --format csv --columns name,direct'),
  );
  expect(rewritten.stdout).toBe('name,direct\nconv1.h,3072\nconv1.w,3072\n');
  const nothing = await convcost(words('compare @8x8x4 pw 4 --algorithms'));
  expect(nothing.stdout).toContain('No convolution here could be depthwise + pointwise.');
});

it('several sources are refused', async () => {
  const { code, stderr } = await convcost(words('compare zoo:vgg-16 zoo:alexnet --algorithms'));
  expect(code).toBe(2);
  expect(stderr).toContain('one source');
});
