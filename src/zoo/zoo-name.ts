import { ConvcostError, type Place, withPlace } from '../errors.js';
import type { Network } from '../model/network.js';
import type { Shape } from '../model/shape.js';
import { buildNetwork } from '../spec/build.js';
import type { InputOverride } from '../spec/input.js';
import { nearestWord } from '../suggest.js';
import { zooNetworks } from './index.js';
import { isZooName, zooPrefix } from './prefix.js';
import {
  defaultsOf,
  imageChannels,
  parametersOf,
  type ZooNetwork,
  type ZooParameterName,
  type ZooParameters,
  zooSpec,
} from './zoo-network.js';

/** `zoo:mobilenet-v1,width=0.5`, understood. */
export interface ZooName {
  readonly network: ZooNetwork;
  readonly parameters: ZooParameters;
}

/**
 * Reads the name of a network and its parameters: `zoo:mobilenet-v1,width=0.5,resolution=160`.
 *
 * @throws ConvcostError with a caret under the part that is wrong
 */
export function parseZooName(text: string): ZooName {
  const [name, ...pairs] = splitParts(text);
  const network = findNetwork(name!);
  const given = new Map<ZooParameterName, number>();
  for (const pair of pairs) {
    withPlace(pair.place, () => {
      const [key, value] = parsePair(pair.text, network);
      if (given.has(key)) throw new ConvcostError('zoo-parameter-twice', { name: key });
      given.set(key, value);
    });
  }
  return { network, parameters: { ...defaultsOf(network), ...Object.fromEntries(given) } };
}

/**
 * A network of the zoo, by name.
 *
 * @param override what the command line says of the input; its shape may be NHWC or NCHW, which the three
 *   channels of an image tell apart
 * @throws ConvcostError where the name is wrong or the resolution too small for the network
 */
export function zooNetwork(text: string, override: InputOverride = {}): Network {
  const { network, parameters } = parseZooName(text);
  return buildNetwork(zooSpec(network, parameters), {
    ...override,
    shape: override.shape && channelsLast(override.shape),
    name: text.slice(zooPrefix.length),
    source: text,
    format: 'zoo',
  });
}

/** `1x3x224x224` and `3x224x224` with the channels behind; any other shape as it is. */
function channelsLast(shape: Shape): Shape {
  const sizes = shape.slice(-2);
  const before = shape.slice(0, -2);
  const isFirst = before.at(-1) === imageChannels && sizes[1] !== imageChannels;
  return isFirst ? [...before.slice(0, -1), ...sizes, imageChannels] : shape;
}

/** The shortest name that gives these parameters, without `zoo:`. */
export function formatZooName({ network, parameters }: ZooName): string {
  const defaults = defaultsOf(network);
  const changed = parametersOf(network).filter(key => parameters[key] !== defaults[key]);
  return [network.name, ...changed.map(key => `${key}=${parameters[key]}`)].join(',');
}

interface NamePart {
  readonly text: string;
  readonly place: Place;
}

/** The parts between commas, behind `zoo:`. */
function splitParts(text: string): readonly NamePart[] {
  let start = isZooName(text) ? zooPrefix.length : 0;
  return text
    .slice(start)
    .split(',')
    .map(part => {
      const place: Place = { kind: 'tokens', text, start, end: start + Math.max(part.length, 1) };
      start += part.length + 1;
      return { text: part, place };
    });
}

function findNetwork({ text, place }: NamePart): ZooNetwork {
  const network = zooNetworks.find(({ name }) => name === text);
  if (network) return network;
  const names = zooNetworks.map(({ name }) => name);
  // `mobilenetv2` and `MobileNet_V2` mean a name that differs in its separators only.
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const suggestion = names.find(name => plain(name) === plain(text)) ?? nearestWord(text, names);
  throw new ConvcostError('unknown-zoo-network', { name: text, suggestion }, place);
}

interface ParameterRule {
  readonly wanted: string;
  readonly pattern: RegExp;
  readonly least: number;
  readonly most: number;
}

const rules: Readonly<Record<ZooParameterName, ParameterRule>> = {
  width: {
    wanted: 'a number above 0 and at most 100, such as 0.5',
    pattern: /^(\d+\.?\d*|\.\d+)$/,
    least: Number.MIN_VALUE,
    most: 100,
  },
  resolution: {
    wanted: 'a whole number of pixels from 1 to 65536, such as 160',
    pattern: /^\d+$/,
    least: 1,
    most: 65_536,
  },
};

function parsePair(pair: string, network: ZooNetwork): readonly [ZooParameterName, number] {
  const equals = pair.indexOf('=');
  const name = equals < 0 ? pair : pair.slice(0, equals);
  const known = parametersOf(network);
  const key = known.find(each => each === name);
  if (!key) throw new ConvcostError('unknown-zoo-parameter', { network: network.name, word: name, known });
  const text = equals < 0 ? '' : pair.slice(equals + 1);
  const { wanted, pattern, least, most } = rules[key];
  const value = pattern.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new ConvcostError('bad-zoo-value', { name, text, wanted });
  return [key, value];
}
