import type { NetworkSpec } from '../spec/layer-spec.js';
import type { Module } from './modules.js';

/** What a network of the zoo may be asked to be, with every default filled. */
export interface ZooParameters {
  /** Width multiplier: scales the channels of every layer, the image's own and the classes apart. */
  readonly width: number;
  /** Height and width of the image. */
  readonly resolution: number;
}

export type ZooParameterName = keyof ZooParameters;

/** One published network, and how its layers follow from its parameters. */
export interface ZooNetwork {
  readonly name: string;
  readonly title: string;
  /** Whose form it has: a paper, or torchvision's code where that differs. */
  readonly follows: string;
  /** The resolution it was published for. */
  readonly resolution: number;
  readonly hasWidth?: boolean;
  readonly body: (parameters: ZooParameters) => Module;
}

/** Which parameters a network takes, in the order in which names write them. */
export const parametersOf = ({ hasWidth }: ZooNetwork): readonly ZooParameterName[] =>
  hasWidth ? ['width', 'resolution'] : ['resolution'];

export const defaultsOf = ({ resolution }: ZooNetwork): ZooParameters => ({ width: 1, resolution });

/** Channels of every network's input. */
export const imageChannels = 3;

/** The network as written: an image, and its layers under their published names. */
export function zooSpec(network: ZooNetwork, parameters: ZooParameters): NetworkSpec {
  const { resolution } = parameters;
  const [first, ...rest] = network.body(parameters)('', 'input');
  return {
    input: { numbers: [resolution, resolution, imageChannels] },
    layers: [{ ...first!, in: imageChannels }, ...rest],
  };
}
