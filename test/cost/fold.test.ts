import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { foldedCount, foldLayers } from '../../src/cost/fold.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';
import { convcost } from '../fake-host.js';

const { layers, totals } = countNetwork(zooNetwork('zoo:mobilenet-v2'));
const namesAt = (depth: number) => foldLayers(layers, depth).map(({ layer }) => layer.name);

describe('layers folded by name', () => {
  it('are the parts of the network, in their order', () => {
    expect(namesAt(1)).toEqual(['features', 'avgpool', 'flatten', 'classifier']);
    expect(namesAt(2).slice(0, 3)).toEqual(['features.0', 'features.1', 'features.2']);
    expect(namesAt(2)).toContain('classifier.1');
    expect(namesAt(9)).toEqual(layers.map(({ layer }) => layer.name));
  });

  it.each([1, 2, 3, 4])('cost at depth %i what the layers cost', depth => {
    const folded = foldLayers(layers, depth);
    const sum = (of: (cost: (typeof folded)[number]) => number) =>
      folded.reduce((all, cost) => all + of(cost), 0);
    expect(sum(({ macs }) => macs)).toBe(totals.macs);
    expect(sum(({ params }) => params)).toBe(totals.params);
    expect(sum(({ trafficBytes }) => trafficBytes)).toBe(totals.trafficBytes);
    expect(sum(foldedCount)).toBe(layers.length);
  });

  it('reach from the first input to the last output', () => {
    const block = foldLayers(layers, 2).find(({ layer }) => layer.name === 'features.2')!;
    expect(block.layer.inputs[0]?.shape).toEqual([1, 112, 112, 16]);
    expect(block.layer.outputs[0]?.shape).toEqual([1, 56, 56, 24]);
    expect(block.layer.op).toBe('8 layers');
    expect(block).toMatchObject({ flavor: 'folded', folds: 8 });
  });

  it('are known by slashes too, as ONNX names them', () => {
    const renamed = layers.slice(0, 6).map((cost, index) => ({
      ...cost,
      layer: { ...cost.layer, name: `/features/features.${index >> 1}/Conv` },
    }));
    expect(foldLayers(renamed, 1).map(({ layer }) => layer.name)).toEqual(['features']);
    expect(foldLayers(renamed, 2).map(({ layer }) => layer.name)).toEqual([
      'features.0',
      'features.1',
      'features.2',
    ]);
  });

  it('are known by what PyTorch exports, which repeats the part before', async () => {
    const { stdout } = await convcost([
      'count',
      'test/golden/mobilenet_v2.onnx',
      '--depth',
      '2',
      '--columns',
      'name',
      '--format',
      'csv',
    ]);
    const names = stdout.trim().split('\n');
    expect(names.slice(1, 20)).toEqual(Array.from({ length: 19 }, (_, block) => `features.${block}`));
  });
});

it('--depth 1 shows MobileNet v1 as its blocks', async () => {
  const { stdout } = await convcost(['count', 'zoo:mobilenet-v1', '--depth', '1'], {
    width: 80,
    env: { NO_COLOR: '1' },
  });
  expect(stdout).toMatchSnapshot();
});

it('--depth 0 is refused', async () => {
  const { code, stderr } = await convcost(['count', 'zoo:mobilenet-v1', '--depth', '0']);
  expect(code).toBe(2);
  expect(stderr).toContain('--depth');
});
