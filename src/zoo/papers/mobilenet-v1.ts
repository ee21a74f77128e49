import type { Network } from '../../model/network.js';
import { buildNetwork } from '../../spec/build.js';
import { paperCells } from '../../spec/print/paper-table.js';
import { parseTokens } from '../../spec/tokens.js';
import { published } from '../published.js';
import { zooNetwork } from '../zoo-name.js';
import { printedRows } from './mobilenet-v1-rows.js';
import {
  type Counted,
  type CountNetwork,
  compareFigure,
  compareText,
  type Fact,
  type PaperReport,
  type PaperRow,
  type PaperTable,
} from './paper.js';

/** Tables 1 to 9 of the MobileNet paper, as far as they are about cost: theirs beside ours. */
export function mobilenetV1Paper(countNetwork: CountNetwork): PaperReport {
  const count = (name: string) => countNetwork(zooNetwork(`zoo:${name}`));
  const countTokens = (text: string) => countNetwork(tokensNetwork(text));
  return {
    kind: 'paper',
    title: 'MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications',
    source: 'arXiv 1704.04861',
    tables: [
      bodyTable(zooNetwork('zoo:mobilenet-v1'), count('mobilenet-v1')),
      sharesTable(count('mobilenet-v1')),
      internalLayerTable(countTokens),
      ...networkTables.map(table => networkTable(table, count, countTokens)),
    ],
  };
}

const tokensNetwork = (text: string): Network =>
  buildNetwork(parseTokens(text), { name: text, source: text, format: 'tokens' });

/** Table 1, row by row: theirs, and the layers that we count. */
function bodyTable(network: Network, { layers }: Counted): PaperTable {
  const counted = layers.filter(
    ({ layer }) => !(layer.kind === 'free' && layer.compute.type === 'activation'),
  );
  const rows = printedRows.map(([type, filter, input], index): PaperRow => {
    const { layer, macs, params } = counted[index]!;
    const [ourType, ourFilter, ourInput] = paperCells(layer, network)!;
    const row = compareText('row', `${type} ${filter}`, `${ourType} ${ourFilter}`);
    const facts: readonly Fact[] = [
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
function sharesTable({ layers, totals }: Counted): PaperTable {
  const sum = (flavor: string, key: 'macs' | 'params') =>
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

const printedShares = [
  // label, our flavor, share of macs, of params
  ['Conv 1x1', 'pointwise', '94.86', '74.59'],
  ['Conv DW 3x3', 'depthwise', '3.06', '1.06'],
  ['Conv 3x3', 'standard', '1.19', '0.02'],
  ['Fully Connected', 'matmul', '0.18', '24.33'],
] as const;

/** Table 3: one internal layer, step by step cheaper. */
function internalLayerTable(countTokens: (text: string) => Counted): PaperTable {
  const rows = internalLayers.map(([label, tokens, macs, params]): PaperRow => {
    const { totals } = countTokens(tokens);
    const facts = [compareFigure('macs', macs, totals.macs), compareFigure('params', params, totals.params)];
    return { label, facts, notes: [] };
  });
  return { number: 3, title: 'Resource usage for modifications to standard convolution', rows };
}

const internalLayers = [
  // label, what we count, theirs in M
  ['Convolution', '@14x14x512 conv3x3 512', '462', '2.36'],
  ['Depthwise separable', '@14x14x512 sep3x3 512', '52.3', '0.27'],
  ['width 0.75', '@14x14x384 sep3x3 384', '29.6', '0.15'],
  ['resolution 0.714', '@10x10x384 sep3x3 384', '15.1', '0.15'],
] as const;

type Counters = Readonly<Record<'count' | 'countTokens', (text: string) => Counted>>;

/** A table of whole networks: the paper's label and our name of each. */
interface NetworkTable {
  readonly number: number;
  readonly title: string;
  readonly rows: readonly (readonly [label: string, zooName: string])[];
}

const networkTables: readonly NetworkTable[] = [
  {
    number: 4,
    title: 'Depthwise separable against full convolution MobileNet',
    rows: [
      ['Conv MobileNet', 'mobilenet-v1-standard'],
      ['MobileNet', 'mobilenet-v1'],
    ],
  },
  {
    number: 5,
    title: 'Narrow against shallow MobileNet',
    rows: [
      ['0.75 MobileNet', 'mobilenet-v1,width=0.75'],
      ['Shallow MobileNet', 'mobilenet-v1-shallow'],
    ],
  },
  {
    number: 6,
    title: 'Width multiplier',
    rows: [
      ['1.0 MobileNet-224', 'mobilenet-v1'],
      ['0.75 MobileNet-224', 'mobilenet-v1,width=0.75'],
      ['0.5 MobileNet-224', 'mobilenet-v1,width=0.5'],
      ['0.25 MobileNet-224', 'mobilenet-v1,width=0.25'],
    ],
  },
  {
    number: 7,
    title: 'Resolution',
    rows: [
      ['1.0 MobileNet-224', 'mobilenet-v1'],
      ['1.0 MobileNet-192', 'mobilenet-v1,resolution=192'],
      ['1.0 MobileNet-160', 'mobilenet-v1,resolution=160'],
      ['1.0 MobileNet-128', 'mobilenet-v1,resolution=128'],
    ],
  },
  {
    number: 8,
    title: 'MobileNet against popular models',
    rows: [
      ['1.0 MobileNet-224', 'mobilenet-v1'],
      ['GoogLeNet', 'googlenet'],
      ['VGG 16', 'vgg-16'],
    ],
  },
  {
    number: 9,
    title: 'Smaller MobileNet against popular models',
    rows: [
      ['0.50 MobileNet-160', 'mobilenet-v1,width=0.5,resolution=160'],
      ['Squeezenet', 'squeezenet-1.0'],
      ['AlexNet', 'alexnet'],
    ],
  },
];

function networkTable(
  { number, title, rows }: NetworkTable,
  count: Counters['count'],
  countTokens: Counters['countTokens'],
): PaperTable {
  return {
    number,
    title,
    rows: rows.map(([label, name]) => {
      const counted = count(name);
      const { top1, macsM, paramsM } = published[name]!;
      const facts: Fact[] = [
        { quantity: 'top1', theirs: top1!, agrees: true },
        compareFigure('macs', macsM!, counted.totals.macs),
        compareFigure('params', paramsM!, counted.totals.params),
      ];
      const differs = facts.some(({ agrees }) => !agrees);
      return { label, facts, notes: differs ? (reasons[name]?.(counted, { count, countTokens }) ?? []) : [] };
    }),
  };
}

/** Why a network differs, with our numbers put in. */
const reasons: Readonly<Record<string, (counted: Counted, counters: Counters) => readonly string[]>> = {
  'mobilenet-v1-standard': counted => [
    `Theirs leave out the FC: ${millions(convMacs(counted))} M without its ${millions(fcMacs(counted))} M.`,
  ],
  'vgg-16': counted => [
    `Theirs are the convolutions alone: ${millions(convMacs(counted))} M without the ${millions(fcMacs(counted))} M of the FCs.`,
  ],
  googlenet: ({ layers }) => [
    `The table of arXiv 1409.4842 sums to 1502 M macs, with 34 M for a first convolution that takes ${millions(layers[0]!.macs)} M, and to 6.8 M params in units of 1024. Ours include batch norm.`,
  ],
  'squeezenet-1.0': (_, { count }) => [
    `Theirs are about twice ours, as where multiplies and adds are counted apart: 2 x ${millions(count('squeezenet-1.0,resolution=227').totals.macs)} M at 227x227.`,
  ],
  alexnet: (_, { countTokens }) => {
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

const fcMacs = ({ layers }: Counted): number =>
  layers.filter(({ flavor }) => flavor === 'matmul').reduce((sum, { macs }) => sum + macs, 0);

const convMacs = (counted: Counted): number => counted.totals.macs - fcMacs(counted);

const millions = (count: number): string =>
  (count / 1e6).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
