import { Command } from 'commander';
import { countNetwork } from '../../cost/count.js';
import { paperReport } from '../../report/papers/index.js';
import type { ZooEntry } from '../../report/report.js';
import { zooNetworks } from '../../zoo/index.js';
import { publishedOf } from '../../zoo/published.js';
import { zooNetwork } from '../../zoo/zoo-name.js';
import { parametersOf, type ZooNetwork } from '../../zoo/zoo-network.js';
import { type DefineCommand, emit, type OutputOptions, outputOptions } from '../command.js';

interface ZooOptions extends OutputOptions {
  readonly paper?: string;
}

export const zooCommand: DefineCommand = context =>
  outputOptions(
    new Command('zoo')
      .description('the published networks, their figures, and zoo: names')
      .option('--paper <network>', "a paper's tables beside our counts: mobilenet-v1"),
  ).action(async (options: ZooOptions) => {
    if (options.paper !== undefined) {
      await emit(paperReport(options.paper), context, options);
      return;
    }
    const networks = zooNetworks.map(entryOf);
    await emit({ kind: 'zoo', convention: 'convcost', networks }, context, options);
  });

function entryOf(network: ZooNetwork): ZooEntry {
  const { name, title, follows, resolution } = network;
  const source = `zoo:${name}`;
  const { macs, params } = countNetwork(zooNetwork(source)).totals;
  return {
    name,
    title,
    follows,
    parameters: parametersOf(network),
    resolution,
    macs,
    params,
    published: publishedOf(source),
  };
}
