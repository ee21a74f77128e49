import { countNetwork, type LayerCost, type NetworkCost } from '../../cost/count.js';
import { buildNetwork } from '../../spec/build.js';
import { paperCells } from '../../spec/print/paper-table.js';
import { parseTokens } from '../../spec/tokens.js';
import {
  internalLayers,
  type NetworkTable,
  networkTables,
  paper,
  printedRows,
  printedShares,
} from '../../zoo/papers/mobilenet-v1.js';
import { published } from '../../zoo/published.js';
import { zooNetwork } from '../../zoo/zoo-name.js';
import { formatExact } from '../format.js';
import type { PaperFact, PaperReport, PaperRow, PaperTable } from '../report.js';
import { compareFigure, compareText } from './compare.js';

/** Tables 1 to 9 of the MobileNet paper, as far as they are about cost: theirs beside ours. */
export const mobilenetV1Paper = (): PaperReport => ({
  kind: 'paper',
  ...paper,
  tables: [bodyTable(), sharesTable(), internalLayerTable(), ...networkTables.map(networkTable)],
});

const count = (name: string): NetworkCost => countNetwork(zooNetwork(`zoo:${name}`));

const countTokens = (text: string): NetworkCost =>
  countNetwork(buildNetwork(parseTokens(text), { name: text, source: text, format: 'tokens' }));

/** Table 1, row by row: theirs, and the layers that we count. */
function bodyTable(): PaperTable {
  const { network, layers } = count('mobilenet-v1');
  const counted = layers.filter(
    ({ layer }) => !(layer.kind === 'free' && layer.compute.type === 'activation'),
  );
  const rows = printedRows.map(([type, filter, input], index): PaperRow => {
    const { layer, macs, params } = counted[index]!;
    const [ourType, ourFilter, ourInput] = paperCells(layer, network)!;
    const row = compareText('row', `${type} ${filter}`, `${ourType} ${ourFilter}`);
    const facts: readonly PaperFact[] = [
      row,
      compareText('input', input, ourInput),
      { quantity: 'macs', ours: macs, agrees: true },
      { quantity: 'params', ours: params, agrees: true },
    ];
    const next = printedRows[index + 1]?.[2];
    return {
      label: String(index + 1),
      facts,
      notes: row.agrees
        ? []
        : [
            `Its ${type.split('/ ')[1]} cannot be: the next row reads ${next}, as this one does. Ours is ${ourType.split('/ ')[1]}.`,
          ],
    };
  });
  return { number: 1, title: 'MobileNet body architecture', rows };
}

/** Table 2: which kind of layer the multiplies and the params are in. */
function sharesTable(): PaperTable {
  const { layers, totals } = count('mobilenet-v1');
  const sum = (flavor: LayerCost['flavor'], key: 'macs' | 'params') =>
    layers.filter(each => each.flavor === flavor).reduce((total, each) => total + each[key], 0);
  const fcBias = 1000;
  const printedSum = printedShares.reduce((total, [, , macShare]) => total + Number(macShare), 0);
  const paramsWithoutBias = totals.params - fcBias;
  const rows = printedShares.map(([label, flavor, macShare, paramShare]): PaperRow => {
    const macs = compareFigure('macShare', macShare, sum(flavor, 'macs') / totals.macs);
    const params = compareFigure('paramShare', paramShare, sum(flavor, 'params') / totals.params);
    const weights = sum(flavor, 'params') - (flavor === 'matmul' ? fcBias : 0);
    const withoutBias = ((100 * weights) / paramsWithoutBias).toFixed(2);
    const notes = [
      ...(macs.agrees
        ? []
        : [
            `With theirs the four shares sum to ${printedSum.toFixed(2)} %; two of its digits are exchanged.`,
          ]),
      ...(params.agrees
        ? []
        : [`Theirs leave out the ${fcBias} biases of the FC: ${withoutBias} % without them.`]),
    ];
    return { label, facts: [macs, params], notes };
  });
  return { number: 2, title: 'Resource per layer type', rows };
}

/** Table 3: one internal layer, step by step cheaper. */
function internalLayerTable(): PaperTable {
  const rows = internalLayers.map(([label, tokens, macs, params]): PaperRow => {
    const { totals } = countTokens(tokens);
    const facts = [compareFigure('macs', macs, totals.macs), compareFigure('params', params, totals.params)];
    return { label, facts, notes: [] };
  });
  return { number: 3, title: 'Resource usage for modifications to standard convolution', rows };
}

/** Tables of whole networks. */
function networkTable({ number, title, rows }: NetworkTable): PaperTable {
  return {
    number,
    title,
    rows: rows.map(([label, name]) => {
      const cost = count(name);
      const { top1, macsM, paramsM } = published[name]!;
      const facts: PaperFact[] = [
        { quantity: 'top1', theirs: top1!, agrees: true },
        compareFigure('macs', macsM!, cost.totals.macs),
        compareFigure('params', paramsM!, cost.totals.params),
      ];
      const differs = facts.some(({ agrees }) => !agrees);
      return { label, facts, notes: differs ? (reasons[name]?.(cost) ?? []) : [] };
    }),
  };
}

/** Why a network differs, with our numbers put in. */
const reasons: Readonly<Record<string, (cost: NetworkCost) => readonly string[]>> = {
  'mobilenet-v1-standard': cost => [
    `Theirs leave out the FC: ${millions(convMacs(cost))} M without its ${millions(fcMacs(cost))} M.`,
  ],
  'vgg-16': cost => [
    `Theirs are the convolutions alone: ${millions(convMacs(cost))} M without the ${millions(fcMacs(cost))} M of the FCs.`,
  ],
  googlenet: ({ layers }) => [
    `The table of arXiv 1409.4842 sums to 1502 M macs, with 34 M for a first convolution that takes ${millions(layers[0]!.macs)} M, and to 6.8 M params in units of 1024. Ours include batch norm.`,
  ],
  'squeezenet-1.0': () => [
    `Theirs are about twice ours, as where multiplies and adds are counted apart: 2 x ${millions(count('squeezenet-1.0,resolution=227').totals.macs)} M at 227x227.`,
  ],
  alexnet: () => {
    const { macs, params } = countTokens(twoTowers).totals;
    return [
      `Theirs are the network of 2012, with two towers: ${millions(macs)} M macs and ${millions(params)} M params. Ours is torchvision's, with one.`,
    ];
  },
};

/** AlexNet as published in 2012: its towers are groups of 2. */
const twoTowers =
  '@227x227x3 conv11x11 96 s4 p0 bias maxpool3x3 s2 conv5x5 256 p2 g2 bias maxpool3x3 s2 conv3x3 384 p1 bias ' +
  'conv3x3 384 p1 g2 bias conv3x3 256 p1 g2 bias maxpool3x3 s2 fc 4096 fc 4096 fc 1000';

const fcMacs = ({ layers }: NetworkCost): number =>
  layers.filter(({ flavor }) => flavor === 'matmul').reduce((sum, { macs }) => sum + macs, 0);

const convMacs = (cost: NetworkCost): number => cost.totals.macs - fcMacs(cost);

/** `4,866.3`. */
function millions(value: number): string {
  const [whole, tenths] = (value / 1e6).toFixed(1).split('.');
  return `${formatExact(Number(whole))}.${tenths}`;
}
