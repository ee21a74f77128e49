/**
 * What the MobileNet paper prints about cost in its tables 1 to 9, digit by digit, and what we call the networks
 * and layers that it is about.
 */
export const paper = {
  title: 'MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications',
  source: 'arXiv 1704.04861',
};

/** Type and stride, filter, input size. */
type PrintedRow = readonly [type: string, filter: string, input: string];

const repeatedPair: readonly PrintedRow[] = [
  ['Conv dw / s1', '3x3x512 dw', '14x14x512'],
  ['Conv / s1', '1x1x512x512', '14x14x512'],
];

/** Table 1, the five repeated pairs written out. */
export const printedRows: readonly PrintedRow[] = [
  ['Conv / s2', '3x3x3x32', '224x224x3'],
  ['Conv dw / s1', '3x3x32 dw', '112x112x32'],
  ['Conv / s1', '1x1x32x64', '112x112x32'],
  ['Conv dw / s2', '3x3x64 dw', '112x112x64'],
  ['Conv / s1', '1x1x64x128', '56x56x64'],
  ['Conv dw / s1', '3x3x128 dw', '56x56x128'],
  ['Conv / s1', '1x1x128x128', '56x56x128'],
  ['Conv dw / s2', '3x3x128 dw', '56x56x128'],
  ['Conv / s1', '1x1x128x256', '28x28x128'],
  ['Conv dw / s1', '3x3x256 dw', '28x28x256'],
  ['Conv / s1', '1x1x256x256', '28x28x256'],
  ['Conv dw / s2', '3x3x256 dw', '28x28x256'],
  ['Conv / s1', '1x1x256x512', '14x14x256'],
  ...Array.from({ length: 5 }, () => repeatedPair).flat(),
  ['Conv dw / s2', '3x3x512 dw', '14x14x512'],
  ['Conv / s1', '1x1x512x1024', '7x7x512'],
  ['Conv dw / s2', '3x3x1024 dw', '7x7x1024'],
  ['Conv / s1', '1x1x1024x1024', '7x7x1024'],
  ['Avg Pool / s1', 'Pool 7x7', '7x7x1024'],
  ['FC / s1', '1024x1000', '1x1x1024'],
  ['Softmax / s1', 'Classifier', '1x1x1000'],
];

/** Table 2: which kind of layer the multiplies and the params are in. */
export const printedShares = [
  // label, our flavor, share of macs, of params
  ['Conv 1x1', 'pointwise', '94.86', '74.59'],
  ['Conv DW 3x3', 'depthwise', '3.06', '1.06'],
  ['Conv 3x3', 'standard', '1.19', '0.02'],
  ['Fully Connected', 'matmul', '0.18', '24.33'],
] as const;

/** Table 3: one internal layer, step by step cheaper. */
export const internalLayers = [
  // label, what we count, theirs in M
  ['Convolution', '@14x14x512 conv3x3 512', '462', '2.36'],
  ['Depthwise separable', '@14x14x512 sep3x3 512', '52.3', '0.27'],
  ['width 0.75', '@14x14x384 sep3x3 384', '29.6', '0.15'],
  ['resolution 0.714', '@10x10x384 sep3x3 384', '15.1', '0.15'],
] as const;

/** A table of whole networks: the paper's label and our name of each. */
export interface NetworkTable {
  readonly number: number;
  readonly title: string;
  readonly rows: readonly (readonly [label: string, zooName: string])[];
}

/** Tables 4 to 9; what they print of each network is in `published`. */
export const networkTables: readonly NetworkTable[] = [
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
