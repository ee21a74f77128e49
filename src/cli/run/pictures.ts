import { ConvcostError } from '../../errors.js';
import type { TensorInfo } from '../../model/layer.js';
import { layoutName, toFeatureMap } from '../../model/layout.js';
import type { Network, ValueSource } from '../../model/network.js';
import type { LayerRun } from '../../report/report.js';
import { contactSheet, hasMaps } from '../../tensor/feature-maps.js';
import { preprocess, scalings } from '../../tensor/preprocess.js';
import { writeOutput } from '../command.js';
import type { Host } from '../host.js';
import { readFile } from '../load.js';

export const isPicture = (path: string): boolean => /\.(png|jpe?g)$/i.test(path);

/** A picture as the values of an input: cut, resized and scaled as the network expects it, and said so. */
export async function pictureValues(
  path: string,
  input: TensorInfo,
  network: Network,
  host: Host,
): Promise<ValueSource> {
  const { decodePicture } = await import('../../tensor/picture.js');
  const map = toFeatureMap(input.shape, network.layout);
  const scaling = network.format === 'zoo' ? scalings.imagenet : scalings.unit;
  const picture = decodePicture(await readFile(path, host), path);
  const { values, says } = preprocess(picture, map, scaling);
  return {
    type: 'values',
    values,
    shape: [map.batch, ...map.sizes, map.channels],
    layout: layoutName('channels-last', map.sizes.length + 2),
    says: `${path}: ${says}`,
  };
}

/** Writes the feature maps of every convolution as one contact sheet. */
export async function writeMaps(path: string, runs: readonly LayerRun[], host: Host): Promise<void> {
  const { encodePng } = await import('../../tensor/picture.js');
  const drawn = mappedLayers(runs).map(({ name, output }) => ({ name, ...output }));
  if (drawn.length === 0) throw new ConvcostError('no-maps', {});
  await writeOutput(host, path, encodePng(contactSheet(drawn)));
}

/** Convolutions whose outputs are images. */
export const mappedLayers = (runs: readonly LayerRun[]): readonly LayerRun[] =>
  runs.filter(
    // An activation that runs as a part of its convolution stands behind it.
    ({ layers, output: { shape } }) => layers.some(({ kind }) => kind === 'conv') && hasMaps(shape),
  );
