import { describe, expect, it } from 'vitest';
import { formatNpy, parseNpy } from '../../src/tensor/npy.js';
import { convcost } from '../fake-host.js';
import { refusedArrays } from '../tensor/numpy-files.js';

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i);
const saved = (written: ReadonlyMap<string, string | Uint8Array>, path: string) => {
  const { values, shape } = parseNpy(written.get(path) as Uint8Array, path);
  return { values: Array.from(values), shape };
};

describe('run --data x.npy --save y.npy', () => {
  const spec = { input: '2x3x1', layers: [{ op: 'pw', out: 2, weights: { values: [1, -1] } }] };
  const files = {
    'pw.json': JSON.stringify(spec),
    'x.npy': formatNpy(ramp(6), [1, 2, 3, 1]),
    'plain.npy': formatNpy(ramp(6), [2, 3]),
    'turned.npy': formatNpy(ramp(6), [3, 2]),
    'big-endian.npy': new Uint8Array(Buffer.from(refusedArrays['big-endian float32'], 'base64')),
  };
  const run = (...options: string[]) => convcost(['run', 'pw.json', ...options], { files });

  it.each(['x.npy', 'plain.npy'])('reads %s and writes the last tensor', async data => {
    const { code, written } = await run('--data', data, '--save', 'y.npy');
    expect(code).toBe(0);
    expect(saved(written, 'y.npy')).toEqual({
      shape: [1, 2, 3, 2],
      values: [0, 0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5].map(value => value + 0),
    });
  });

  it('what is saved can be given back', async () => {
    const first = await run('--data', 'x.npy', '--save', 'y.npy');
    const again = await convcost('run @2x3x2 relu --data y.npy --save z.npy'.split(' '), {
      files: { 'y.npy': first.written.get('y.npy') as Uint8Array },
    });
    expect(saved(again.written, 'z.npy').values).toEqual([0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0]);
  });

  it('a pasted text runs whole: a layer reads what the one before it wrote', async () => {
    const text = `x = Conv2D(1, 3, padding="same", input_shape=(4, 4, 1), name="a")(x)
x = GlobalAveragePooling2D(name="b")(x)`;
    const { stdout } = await convcost('run net.txt --format json --values all --runs 1'.split(' '), {
      files: { 'net.txt': text },
    });
    const [a, b] = JSON.parse(stdout).layers;
    expect(b.output.values).toEqual([expect.closeTo(a.output.mean, 6)]);
  });

  it('says where --fuse finds no pair', async () => {
    const says = '--fuse: no depthwise layer is followed by its pointwise layer here';
    const none = await convcost('run --fuse @4x4x2 conv3x3 3 relu --runs 1'.split(' '));
    const pair = await convcost('run --fuse @4x4x2 sep3x3 3 --runs 1'.split(' '));
    expect([none.stdout.includes(says), pair.stdout.includes(says)]).toEqual([true, false]);
  });

  it('the last tensor of a fused pair is that of its pointwise step', async () => {
    const line = '@4x4x2 sep3x3 3 --data ramp --save y.npy';
    const apart = await convcost(`run ${line}`.split(' '));
    const fused = await convcost(`run --fuse ${line}`.split(' '));
    expect(saved(fused.written, 'y.npy')).toEqual(saved(apart.written, 'y.npy'));
    expect(saved(fused.written, 'y.npy').shape).toEqual([1, 4, 4, 3]);
  });

  it.each([
    ['--data turned.npy', 'holds an array of shape [3, 2], but NHWC [1, 2, 3, 1] is needed'],
    ['--data big-endian.npy', 'big-endian values'],
    ['--data missing.npy', 'there is no such file'],
    ['--save y.txt', 'is not the name of a .npy file'],
  ])('refuses %s', async (options, says) => {
    const { code, stdout, stderr } = await run(...options.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});

describe('run --data NAME=VALUES', () => {
  const spec = {
    input: '2x2x1',
    inputs: { mask: { fill: 'ones', shape: [1, 2, 2, 1] } },
    layers: [{ op: 'mul', from: ['input', 'mask'] }],
  };
  const files = {
    'mask.json': JSON.stringify(spec),
    'm.npy': formatNpy(Float32Array.of(1, 0, 0, 1), [2, 2]),
  };
  const values = async (...options: string[]) => {
    const { stdout, stderr } = await convcost(['run', 'mask.json', '--format', 'json', ...options], {
      files,
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout).layers[0].output.values;
  };

  it.each([
    [
      ['--data', 'ramp', '--data', 'mask=m.npy'],
      [0, 0, 0, 3],
    ],
    [
      ['--data', 'mask=zeros', '--data', 'input=ramp'],
      [0, 0, 0, 0],
    ],
    [
      ['--data', 'input=ones'],
      [1, 1, 1, 1],
    ],
  ])('%j', async (options, expected) => {
    expect(await values(...options)).toEqual(expected);
  });

  it('refuses a name that no input has', async () => {
    const { code, stderr } = await convcost(['run', 'mask.json', '--data', 'msak=ones'], { files });
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean 'mask'?");
  });
});

it('run says in JSON how many multiplications the reference did', async () => {
  const line = 'run @8x8x3 conv3x3 4 gap --engine reference --format json';
  const [conv, gap] = JSON.parse((await convcost(line.split(' '))).stdout).layers;
  expect([conv.macs, conv.multiplies]).toEqual([8 * 8 * 27 * 4, 22 * 22 * 3 * 4]);
  expect(gap).not.toHaveProperty('multiplies');
});

it('an array with NaN or infinity is refused where it comes in', async () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const values = Float32Array.from([1, 2, value, 4]);
    const { code, stdout, stderr } = await convcost(['run', '@2x2x1', 'pw', '1', '--data', 'x.npy'], {
      files: { 'x.npy': formatNpy(values, [1, 2, 2, 1]) },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${value} at index 2`);
  }
});
