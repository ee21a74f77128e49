import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countNetwork, loadNetwork } from 'convcost/node';
import { expect, it } from 'vitest';

const macsOf = async (path: string) => countNetwork(await loadNetwork(path)).totals.macs;

it('loadNetwork names a model of another tool that is text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
  const path = join(folder, 'model.json');
  writeFileSync(path, '{"format": "layers-model", "modelTopology": {}}');
  await expect(loadNetwork(path)).rejects.toThrow('is a TensorFlow.js model');
  rmSync(folder, { recursive: true });
});

it('loadNetwork knows a model by its content, whatever the file is called', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convcost-'));
  const path = join(folder, 'weights.bin');
  copyFileSync('test/golden/mobilenet_v2.onnx', path);
  const macs = await macsOf(path);
  rmSync(folder, { recursive: true });
  expect(macs).toBe(300_774_272);
  expect(await macsOf('examples/mobilenet-v1/mobilenet-v1.yaml')).toBe(568_740_352);
});
