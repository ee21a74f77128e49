import type { DType } from '../model/dtype.js';
import type { Layer, TensorInfo } from '../model/layer.js';
import type { Network } from '../model/network.js';

/** What `--dtype` may say. */
export const chosenDTypes = ['f32', 'f16', 'i8'] as const satisfies readonly DType[];
export type ChosenDType = (typeof chosenDTypes)[number];

const floats: readonly DType[] = ['f64', 'f32', 'f16', 'bf16', 'f8'];

/** The network with every float value, activation or parameter, stored as `dtype`; whole numbers stay. */
export function storedAs(network: Network, dtype: ChosenDType): Network {
  const change = <T extends { readonly dtype: DType }>(value: T): T =>
    floats.includes(value.dtype) ? { ...value, dtype } : value;
  const tensors = (all: readonly TensorInfo[]) => all.map(change);
  const layers = network.layers.map((layer): Layer => {
    const moved = { ...layer, inputs: tensors(layer.inputs), outputs: tensors(layer.outputs) };
    return 'dtype' in moved ? change(moved) : moved;
  });
  return {
    ...network,
    inputs: tensors(network.inputs),
    layers,
    params: new Map(Array.from(network.params, ([name, param]) => [name, change(param)])),
  };
}
