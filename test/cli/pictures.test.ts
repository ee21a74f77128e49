import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePicture, encodePng } from '../../src/tensor/picture.js';
import { preprocess, scalings } from '../../src/tensor/preprocess.js';
import { convcost, splitCommand } from '../fake-host.js';

const scene = readFileSync('examples/feature-maps/scene.png');
const edges = 'run examples/feature-maps/filters.yaml --engine reference --runs 1 --warmup 0';
const run = (data: string, files: Record<string, Uint8Array | string> = {}, more = '') =>
  convcost(splitCommand(`${edges} --data ${data} ${more}`), { files });

describe('pictures as input', () => {
  it('a picture of other proportions is cut out of the middle, and the header says so', async () => {
    const wide = encodePng({
      width: 400,
      height: 100,
      channels: 3,
      pixels: new Uint8Array(400 * 100 * 3).fill(128),
    });
    const { stdout, code } = await run('wide.png', { 'wide.png': wide });
    expect(code).toBe(0);
    expect(stdout).toContain(
      'wide.png: 400x100 picture, middle cut out, resized to 160x120 RGB, scaled to 0..1',
    );
  });

  it("a network of the zoo is given what ImageNet's networks were trained with", async () => {
    const { stdout } = await convcost(
      splitCommand(
        'run zoo:mobilenet-v1,width=0.25,resolution=32 --data examples/feature-maps/scene.png --runs 1',
      ),
    );
    expect(stdout).toContain("normalised by ImageNet's mean and deviation");
  });

  it('a flat colour stays flat through resizing and scaling', () => {
    const red = {
      width: 9,
      height: 5,
      channels: 3 as const,
      pixels: Uint8Array.from({ length: 135 }, (_, i) => (i % 3 === 0 ? 255 : 0)),
    };
    const { values } = preprocess(red, { batch: 2, channels: 3, sizes: [7, 7] }, scalings.unit);
    expect([...values]).toEqual(Array.from({ length: 2 * 49 * 3 }, (_, i) => (i % 3 === 0 ? 1 : 0)));
  });

  it('grey inputs get the luminance', () => {
    const green = {
      width: 2,
      height: 2,
      channels: 3 as const,
      pixels: Uint8Array.from([0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0]),
    };
    const { values } = preprocess(green, { batch: 1, channels: 1, sizes: [1, 1] }, scalings.unit);
    expect(values[0]).toBeCloseTo(0.587, 6); // ITU-R BT.601
  });
});

describe('what is no picture is refused', () => {
  const header = (width: number, height: number) => {
    const bytes = Uint8Array.from(scene.subarray(0, 33));
    new DataView(bytes.buffer).setUint32(16, width);
    new DataView(bytes.buffer).setUint32(20, height);
    return bytes;
  };
  it.each<[string, string, Uint8Array | string]>([
    ['a text by that name', 'x.png', 'not a picture'],
    ['nothing', 'x.png', ''],
    ['a picture cut in its header', 'x.png', scene.subarray(0, 20)],
    ['a picture cut in its data', 'x.png', scene.subarray(0, 4000)],
    [
      'a picture with a flipped byte',
      'x.png',
      Uint8Array.from(scene, (byte, i) => (i === 5000 ? byte ^ 255 : byte)),
    ],
    ['a size that no memory holds', 'x.png', header(2 ** 31 - 1, 2 ** 31 - 1)],
    ['half a JPEG', 'x.jpg', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70])],
  ])('%s', async (_, name, content) => {
    const { code, stdout, stderr } = await run(name, { [name]: content });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Cannot read "${name}" as a picture`);
    expect(stderr).not.toContain('undefined');
  });

  it('for an input of four channels', async () => {
    const { stderr, code } = await convcost(
      splitCommand('run @8x8x4 pw 2 --data examples/feature-maps/scene.png'),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('4 channels');
  });
});

describe('feature maps', () => {
  it('the committed contact sheet is what --maps draws', async () => {
    const { written } = await run('examples/feature-maps/scene.png', {}, '--maps out.png');
    const drawn = decodePicture(written.get('out.png') as Uint8Array, 'out.png');
    const committed = decodePicture(readFileSync('examples/feature-maps/maps.png'), 'maps.png');
    expect([drawn.width, drawn.height]).toEqual([committed.width, committed.height]);
    expect(Buffer.compare(drawn.pixels, committed.pixels)).toBe(0);
  });

  it('--show draws them in the terminal, in colours as half blocks, without as shades', async () => {
    const args = splitCommand(`${edges} --data examples/feature-maps/scene.png --show`);
    const colored = await convcost(args, { width: 80 });
    expect(colored.stdout).toContain('▀');
    const plain = await convcost(args, { width: 80, env: { NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain('▀');
    const drawn = plain.stdout.split('\n').filter(line => /^[ .:\-=+*#%@]{60,}$/.test(line));
    expect(drawn.length).toBeGreaterThan(12);
    expect(Math.max(...drawn.map(line => line.length))).toBeLessThanOrEqual(80);
  });

  it('a convolution whose activation runs as a part of it has maps too', async () => {
    const { code, written } = await convcost(splitCommand('run @12x12x3 conv3x3 4 relu --maps x.png'));
    expect(code).toBe(0);
    expect(written.has('x.png')).toBe(true);
  });

  it('a network without any is told so', async () => {
    const { stderr, code } = await convcost(splitCommand('run @16 fc 4 --maps x.png'));
    expect(code).toBe(2);
    expect(stderr).toContain('feature maps');
  });
});

it('whole MobileNet on wasm equals the reference, and its outputs vary', async () => {
  const args = splitCommand(
    'run zoo:mobilenet-v1,width=0.25,resolution=96 --data examples/feature-maps/scene.png --verify --runs 1 --warmup 0 --format json',
  );
  const { layers } = JSON.parse((await convcost(args)).stdout);
  for (const { name, agreement, output } of layers) {
    expect(agreement.maxRelError, name).toBeLessThan(1e-4);
    expect(output.max, name).toBeGreaterThan(output.min);
  }
  expect(layers.at(-1).output.sum).toBeCloseTo(1, 4);
});

it('--dump-layer shows one output whole and has --save write it', async () => {
  const args = splitCommand(
    'run @12x12x3 conv3x3 8 name=a conv3x3 4 name=b --dump-layer a --save a.npy --engine reference',
  );
  const { stdout, written } = await convcost(args);
  expect(stdout.split('\n').filter(line => line.startsWith('  channel')).length).toBeGreaterThan(8);
  expect((written.get('a.npy') as Uint8Array).length).toBe(128 + 12 * 12 * 8 * 4);
  expect((await convcost(splitCommand('run @12x12x3 conv3x3 8 name=a --dump-layer aa'))).stderr).toContain(
    "Did you mean 'a'?",
  );
});
