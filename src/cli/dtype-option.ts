import { Option } from 'commander';
import type { Network } from '../model/network.js';
import { type ChosenDType, chosenDTypes, storedAs } from '../rewrite/dtype.js';

export interface DTypeOptions {
  readonly dtype?: ChosenDType;
}

export const dtypeOption = (): Option =>
  new Option('--dtype <type>', 'count bytes as if weights and activations were stored in this type').choices(
    chosenDTypes,
  );

export const inDType = (network: Network, { dtype }: DTypeOptions): Network =>
  dtype === undefined ? network : storedAs(network, dtype);
