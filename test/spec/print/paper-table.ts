import type { Network } from '../../../src/model/network.js';
import { paperCells } from '../../../src/spec/print/paper-table.js';
import { cannotPrint, chainOf } from './printable.js';

/**
 * A network as rows of the MobileNet paper's table, which `paper-table` reads back.
 *
 * @throws Error at the first layer that such a row cannot say
 */
export const printPaperTable = (network: Network): string =>
  chainOf(network, notation)
    .map(layer => `| ${(paperCells(layer, network) ?? cannotPrint(notation, layer)).join(' | ')} |\n`)
    .join('');

const notation = 'paper-table';
