import { ConvcostError } from '../errors.js';
import { layoutName } from '../model/layout.js';
import { type Fill, fills, type Network, type ValueSource } from '../model/network.js';
import { nearestWord } from '../suggest.js';
import type { Host } from './host.js';
import { isPicture, pictureValues } from './run/pictures.js';

/**
 * The network with the values of `--data`: for its first input, or as NAME=VALUES for the one of that name.
 *
 * @throws ConvcostError `bad-data`, `no-such-input`, `bad-picture`
 */
export async function withData(network: Network, given: readonly string[], host: Host): Promise<Network> {
  const data = new Map(network.data);
  for (const text of given) {
    const { name, values } = splitName(text, network);
    const input = network.inputs.find(each => each.name === name);
    if (!input) {
      const known = network.inputs.map(each => each.name);
      throw new ConvcostError('no-such-input', { word: name, known });
    }
    const source = isPicture(values)
      ? await pictureValues(values, input, network, host)
      : parseData(values, layoutName(network.layout, input.shape.length));
    data.set(name, source);
  }
  return { ...network, data };
}

/** `mask=ones`. A path with = in it is written with its folder: ./a=b.npy. */
function splitName(text: string, { inputs }: Network): { name: string; values: string } {
  const [, name, values] = /^([^=/\\]+)=(.*)$/s.exec(text) ?? [];
  return name === undefined ? { name: inputs[0]?.name ?? '', values: text } : { name, values: values! };
}

/** `ramp`, `ones`, `zeros`, `random`, `random:7` or a .npy file, whose axes are the network's own. */
function parseData(text: string, layout: string): ValueSource {
  const [fill, seed] = text.split(':') as [string, string?];
  const isSeeded = seed === undefined || (fill === 'random' && /^\d{1,9}$/.test(seed));
  if (fills.includes(fill as Fill) && isSeeded)
    return { type: 'fill', fill: fill as Fill, seed: Number(seed ?? 1) };
  if (text.endsWith('.npy')) return { type: 'file', path: text, layout };
  throw new ConvcostError('bad-data', { text, suggestion: nearestWord(fill, fills) });
}
