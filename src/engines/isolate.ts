import type { Layer } from '../model/layer.js';
import type { Network } from '../model/network.js';

/**
 * The convolutions and matrix products of a network, each as a network of its own: how a model file runs
 * whose other layers no engine knows. Inputs are then seeded random values, not what flows in the whole.
 */
const isolateLayers = (network: Network): readonly Network[] =>
  network.layers.filter(isRunnable).map(layer => ({
    ...network,
    name: layer.name,
    inputs: layer.inputs,
    outputs: layer.outputs.map(({ name }) => name),
    layers: [layer],
    data: new Map(),
  }));

/** Whether engines know every layer of a network. */
export const runsWhole = ({ layers }: Network): boolean => layers.every(canPlan);

/** The network itself where it runs whole, else its layers with multiplies one by one. */
export const runnableParts = (network: Network): readonly Network[] =>
  runsWhole(network) ? [network] : isolateLayers(network);

const canPlan = (layer: Layer): boolean =>
  layer.kind === 'free' ? layer.compute.type !== 'other' && layer.outputs.length === 1 : isRunnable(layer);

const isRunnable = (layer: Layer): boolean =>
  layer.outputs.length === 1 &&
  (layer.kind === 'conv' || (layer.kind === 'matmul' && layer.products.length === 1));
