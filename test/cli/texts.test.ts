import { expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const printed = 'Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)\n';
const utf16 = Uint8Array.from(Buffer.from(`\ufeff${printed}`, 'utf16le'));

it('reads the UTF-16 that a redirect in PowerShell writes', async () => {
  const { stdout } = await convcost(['c.txt', '--input', '1x3x224x224', '--get', 'macs'], {
    files: { 'c.txt': utf16 },
  });
  expect(stdout).toBe('118013952\n');
});

it.each([
  // file, what its format begins with, what is said of it
  ['m.pt', 'PK\u0003\u0004\u0000\u0000', 'is a zip archive, which is not read'],
  ['m.h5', '\u0089HDF\r\n\u001a\n\u0000', 'is an HDF5 file, as Keras saves models, which is not read'],
  ['m.tflite', '\u001c\u0000\u0000\u0000TFL3', 'is a TensorFlow Lite model, which is not read'],
  ['net.yaml', 'input: \u0000', 'not a model file (onnx). Download the model itself, or convert it to ONNX'],
])('%s, in a format that is not read, is not taken for text', async (file, head, said) => {
  const { code, stderr } = await convcost([file], { files: { [file]: Buffer.from(head, 'latin1') } });
  expect(code).toBe(2);
  expect(stderr).toContain(said);
});

it('an input in the other order of axes is told how to be written', async () => {
  const { stderr } = await convcost(['c.txt', '--input', '160x224x3'], { files: { 'c.txt': printed } });
  expect(stderr).toContain('channels first here: write 3x160x224.');
});

it('a row of nothing is not shown, and a small ratio is not nothing', async () => {
  expect((await convcost(['compare', '@8x8x3', 'conv3x3', '4'])).stdout).not.toContain('other layers');
  const { stdout } = await convcost(['compare', 'zoo:vgg-16', '@8x8x3 conv3x3 4']);
  expect(stdout).toContain('4.47e-7'); // 6,912 / 15,470,264,320
});
