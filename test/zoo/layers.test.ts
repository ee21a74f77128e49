import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { zooNetwork } from '../../src/zoo/zoo-name.js';

/** What hooks on torchvision's running models saw, one entry a layer. */
interface ExpectedLayer {
  readonly name: string;
  readonly macs: number;
  readonly params: number;
  readonly macs_inside?: number;
  readonly in: readonly number[];
  readonly out: readonly number[];
}

const expected = JSON.parse(
  readFileSync(new URL('../golden/expected.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, { readonly layers: readonly ExpectedLayer[] }>>;

/** Channels last, as the zoo shows shapes. */
const channelsLast = ([batch, channels, ...sizes]: readonly number[]) => [batch, ...sizes, channels];

const oursOf = (name: string) =>
  countNetwork(zooNetwork(name)).layers.flatMap(({ layer, macs, macsInBounds, params }) =>
    layer.kind === 'conv' || layer.kind === 'matmul'
      ? [{ name: layer.name, macs, params, inside: macsInBounds, out: layer.outputs[0]?.shape }]
      : [],
  );

describe('every layer is the one that torchvision runs', () => {
  it.each([
    // zoo, torchvision
    ['mobilenet-v2', 'mobilenet_v2'],
    ['mobilenet-v3-small', 'mobilenet_v3_small'],
    ['resnet-50', 'resnet50'],
    ['squeezenet-1.1', 'squeezenet1_1'],
    ['shufflenet-v2-1.0', 'shufflenet_v2_x1_0'],
    ['efficientnet-b0', 'efficientnet_b0'],
    ['vgg-16', 'vgg16'],
    ['alexnet', 'alexnet'],
  ])('%s', (zoo, torchvision) => {
    const theirs = expected[torchvision]!.layers.map(({ name, macs, params, macs_inside, out }) => ({
      name,
      macs,
      params,
      inside: macs_inside ?? macs,
      out: channelsLast(out),
    }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(oursOf(`zoo:${zoo}`).sort(byName)).toEqual(theirs.sort(byName));
  });
});

it('GoogLeNet differs from torchvision in its third branches alone, which have 5x5', () => {
  const ours = new Map(oursOf('zoo:googlenet').map(({ name, macs }) => [name, macs]));
  for (const { name, macs } of expected['googlenet']!.layers) {
    const ratio = /^inception..\.branch3\.1\.conv$/.test(name) ? 25 / 9 : 1;
    expect(ours.get(name), name).toBe(macs * ratio);
  }
});
