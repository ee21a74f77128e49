import type { Command } from 'commander';
import { ConvcostError } from '../errors.js';
import type { Network } from '../model/network.js';
import { parsePlan } from '../rewrite/parse.js';
import { joined } from './command.js';
import { chooseLayers } from './layer-choice.js';

/** What is to become of a network before anything else is done with it. */
export interface RewriteOptions {
  readonly rewrite?: string;
  readonly layers?: string;
}

export const withRewriteOptions = (command: Command): Command =>
  command
    .option(
      '--rewrite <name>',
      'rewrite the network first; steps are joined by +, for example separable+width:0.5',
    )
    .option(
      '--layers <names>',
      'which layers to rewrite: names joined by commas, * for any characters',
      joined,
    );

/** The network, rewritten where that was asked for; its header says so. */
export function rewrittenBy(network: Network, { rewrite, layers }: RewriteOptions): Network {
  if (rewrite === undefined) {
    if (layers !== undefined)
      throw new ConvcostError('option-needs', { option: '--layers', needs: '--rewrite' });
    return network;
  }
  const plan = parsePlan(rewrite);
  const changed = plan.apply(network, chooseLayers(network, layers, [plan]));
  return { ...changed, notes: [...changed.notes, `rewritten: ${plan.name}`] };
}
