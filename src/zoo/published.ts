import { isZooName } from './prefix.js';
import { formatZooName, parseZooName } from './zoo-name.js';

/**
 * What a paper prints of a network, digit by digit: `M` are millions, top-1 is ImageNet's, in percent. Where
 * a paper prints the error, top-1 is what is left of 100.
 */
export interface Published {
  readonly top1?: string;
  readonly macsM?: string;
  readonly paramsM?: string;
  readonly source: string;
  /** What must be known to compare the figures. */
  readonly remark?: string;
}

const mobilenetV1 = (table: string, top1: string, macsM: string, paramsM: string): Published => ({
  top1,
  macsM,
  paramsM,
  source: `arXiv 1704.04861, table ${table}`,
});

const mobilenetV3 = (top1: string, macsM: string, paramsM: string): Published => ({
  top1,
  macsM,
  paramsM,
  source: 'arXiv 1905.02244, table 3',
});

/** By the shortest name of the zoo. Figures of papers, for comparison only: nothing is computed from them. */
export const published: Readonly<Record<string, Published>> = {
  'mobilenet-v1': mobilenetV1('4', '70.6', '569', '4.2'),
  'mobilenet-v1-standard': mobilenetV1('4', '71.7', '4866', '29.3'),
  'mobilenet-v1-shallow': mobilenetV1('5', '65.3', '307', '2.9'),
  'mobilenet-v1,width=0.75': mobilenetV1('6', '68.4', '325', '2.6'),
  'mobilenet-v1,width=0.5': mobilenetV1('6', '63.7', '149', '1.3'),
  'mobilenet-v1,width=0.25': mobilenetV1('6', '50.6', '41', '0.5'),
  'mobilenet-v1,resolution=192': mobilenetV1('7', '69.1', '418', '4.2'),
  'mobilenet-v1,resolution=160': mobilenetV1('7', '67.2', '290', '4.2'),
  'mobilenet-v1,resolution=128': mobilenetV1('7', '64.4', '186', '4.2'),
  'mobilenet-v1,width=0.5,resolution=160': mobilenetV1('9', '60.2', '76', '1.32'),
  googlenet: mobilenetV1('8', '69.8', '1550', '6.8'),
  'vgg-16': mobilenetV1('8', '71.5', '15300', '138'),
  'squeezenet-1.0': mobilenetV1('9', '57.5', '1700', '1.25'),
  alexnet: mobilenetV1('9', '57.2', '720', '60'),
  'mobilenet-v2': { top1: '72.0', macsM: '300', paramsM: '3.4', source: 'arXiv 1801.04381, table 4' },
  'mobilenet-v2,width=1.4': {
    top1: '74.7',
    macsM: '585',
    paramsM: '6.9',
    source: 'arXiv 1801.04381, table 4',
  },
  'mobilenet-v3-large': mobilenetV3('75.2', '219', '5.4'),
  'mobilenet-v3-small': mobilenetV3('67.4', '56', '2.5'),
  'shufflenet-v2-1.0': {
    top1: '69.4',
    macsM: '146',
    paramsM: '2.3',
    source: 'arXiv 1807.11164, tables 5 and 8',
  },
  'efficientnet-b0': { top1: '77.1', macsM: '390', paramsM: '5.3', source: 'arXiv 1905.11946, table 2' },
  'resnet-18': {
    top1: '72.12',
    macsM: '1800',
    source: 'arXiv 1512.03385, tables 1 and 2',
    remark: 'ten crops',
  },
  'resnet-50': {
    top1: '77.15',
    macsM: '3800',
    source: 'arXiv 1512.03385, tables 1 and 3',
    remark: 'ten crops, and the stride on the 1x1 where torchvision has it on the 3x3',
  },
  'inception-v3': { top1: '78.8', macsM: '5000', source: 'arXiv 1512.00567' },
};

/** What is published of a network of the zoo with just these parameters; nothing for other sources. */
export function publishedOf(source: string): Published | undefined {
  return isZooName(source) ? published[formatZooName(parseZooName(source))] : undefined;
}
