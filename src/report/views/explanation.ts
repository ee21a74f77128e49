import { formatShape } from '../../model/shape.js';
import { kernelExtent } from '../../model/window.js';
import type { Reader } from '../columns.js';
import type { Block, Document } from '../document.js';
import { formatRatio, formatExact as n, plural } from '../format.js';
import type { ExplanationReport } from '../report.js';
import { pairSheet } from './comparison.js';
import { lawText } from './comparison-columns.js';

/** The story of one convolution, formula by formula, with its numbers put in. */
export function explanationDocument(report: ExplanationReport, reader: Reader): Document {
  const { source, perPosition, comparison } = report;
  if (reader === 'program') return { blocks: [pairSheet([comparison])] };
  return {
    blocks: [
      { type: 'heading', text: `${comparison.name}: ${titleOf(report)}` },
      ...(perPosition
        ? [
            {
              type: 'text',
              lines: ['No input size given: all numbers are per output position.'],
              tone: 'dim',
            } as const,
          ]
        : []),
      standardBlock(report),
      depthwiseBlock(report),
      pointwiseBlock(report),
      ratioBlock(report),
      shapeBlock(report),
      ...(source === comparison.name
        ? []
        : [{ type: 'text', lines: [`from: ${source}`], tone: 'dim' } as const]),
    ],
  };
}

interface Numbers {
  readonly C: number;
  readonly K: number;
  readonly M: number;
  readonly kernel: string;
  readonly taps: number;
  readonly out: string;
  readonly positions: number;
}

function numbersOf({ comparison }: ExplanationReport): Numbers {
  const { geometry, multiplier } = comparison;
  const sizes = geometry.axes.map(axis => axis.output);
  return {
    C: geometry.inChannels,
    K: geometry.outChannels,
    M: multiplier,
    kernel: geometry.axes.map(axis => axis.kernel).join(' x '),
    taps: geometry.axes.reduce((product, axis) => product * axis.kernel, 1),
    out: [...(geometry.batch > 1 ? [geometry.batch] : []), ...sizes].join(' x '),
    positions: sizes.reduce((product, size) => product * size, geometry.batch),
  };
}

function titleOf(report: ExplanationReport): string {
  const { C, K, kernel } = numbersOf(report);
  const { axes } = report.comparison.geometry;
  const details = [
    axes.some(axis => axis.stride !== 1) && `stride ${axes.map(axis => axis.stride).join('x')}`,
    axes.some(axis => axis.dilation !== 1) &&
      `dilation ${axes.map(axis => axis.dilation).join('x')} (spans ${axes.map(kernelExtent).join('x')})`,
  ].filter(Boolean);
  return `${kernel} convolution, ${plural(C, 'channel')} to ${K}${details.length > 0 ? `, ${details.join(', ')}` : ''}`;
}

/** `224 x 224 x ` before a product, nothing where numbers are per position. */
const places = (report: ExplanationReport) => (report.perPosition ? '' : `${numbersOf(report).out} x `);
const perWhat = ({ perPosition }: ExplanationReport) => (perPosition ? ' for one output position' : '');

const withBias = (bias: boolean, K: number) => (bias ? `, and ${plural(K, 'bias value')} more` : '');

function standardBlock(report: ExplanationReport): Block {
  const { C, K, kernel, taps } = numbersOf(report);
  const { standard } = report.comparison;
  return lines(
    'Standard convolution',
    `One filter sees ${C === 1 ? 'the one channel' : `all ${C} channels at once`}: ${kernel} x ${C} = ${plural(taps * C, 'weight')}, and gives one map.`,
    `${plural(K, 'output map')} ${K === 1 ? 'takes' : 'take'} ${plural(K, 'filter')}: ${kernel} x ${C} x ${K} = ${plural(taps * C * K, 'weight')}${withBias(report.bias, K)}.`,
    `Multiplies${perWhat(report)}: ${places(report)}${C} x ${K} x ${kernel} = ${n(standard.macs)}.`,
  );
}

function depthwiseBlock(report: ExplanationReport): Block {
  const { C, M, kernel, taps } = numbersOf(report);
  const { depthwise } = report.comparison;
  const filters = M === 1 ? 'one filter a channel' : `${M} filters a channel (depth multiplier ${M})`;
  const factor = M === 1 ? `${C}` : `${C} x ${M}`;
  return lines(
    'Depthwise: looks at space, channel by channel',
    `${capital(filters)}: ${kernel} x ${factor} = ${plural(taps * C * M, 'weight')}; channels do not meet, ${C * M === 1 ? '1 map comes' : `${n(C * M)} maps come`} out.`,
    `Multiplies: ${places(report)}${factor} x ${kernel} = ${n(depthwise.macs)}.`,
  );
}

function pointwiseBlock(report: ExplanationReport): Block {
  const { C, K, M } = numbersOf(report);
  const { pointwise } = report.comparison;
  return lines(
    'Pointwise: mixes channels, point by point',
    `${plural(K, 'filter')} of 1 x 1 x ${C * M}: ${C * M} x ${K} = ${plural(C * M * K, 'weight')}${withBias(report.bias, K)}; space is not looked at.`,
    `Multiplies: ${places(report)}${C * M} x ${K} = ${n(pointwise.macs)}.`,
  );
}

function ratioBlock(report: ExplanationReport): Block {
  const { K, M, taps } = numbersOf(report);
  const { comparison } = report;
  const { depthwise, pointwise, separable, standard, ratio } = comparison;
  const short = formatRatio(M / K);
  return lines(
    'Together',
    `Depthwise separable: ${n(depthwise.macs)} + ${n(pointwise.macs)} = ${n(separable.macs)} multiplies; standard: ${n(standard.macs)}.`,
    `Ratio: ${n(separable.macs)} / ${n(standard.macs)} = ${formatRatio(ratio)} = ${lawText(comparison)}: ${verdict(ratio)}.`,
    `Weights: ${n(separable.params)} against ${n(standard.params)}.`,
    `The shorthand "1/k" is 1/${K}${M === 1 ? '' : ` (x ${M})`} = ${short}, the depthwise part alone; it leaves out the pointwise part, ${M === 1 ? '' : `${M} x `}1/${taps} = ${formatRatio(M / taps)}, ${M / taps > M / K ? 'which is most of the cost here' : 'the smaller part here'}.`,
  );
}

const verdict = (ratio: number): string =>
  ratio < 1
    ? `${(1 / ratio).toFixed(2)} times fewer`
    : ratio === 1
      ? 'no difference'
      : `${ratio.toFixed(2)} times MORE; the standard convolution is cheaper here`;

function shapeBlock(report: ExplanationReport): Block {
  const { C, K, M, out } = numbersOf(report);
  const { geometry } = report.comparison;
  if (report.perPosition) {
    return lines(
      'Shapes',
      `Either way every output position holds ${plural(K, 'channel')}; in between there are ${C * M}.`,
    );
  }
  const images = geometry.batch > 1 ? [geometry.batch] : [];
  const input = formatShape([...images, ...geometry.axes.map(axis => axis.input), C]).replaceAll('x', ' x ');
  return lines(
    'Shapes stay the same',
    `standard:   ${input} -> ${out} x ${K}`,
    `separable:  ${input} -> ${out} x ${C * M} -> ${out} x ${K}`,
  );
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
const lines = (heading: string, ...body: string[]): Block => ({
  type: 'text',
  lines: [heading, ...body.map(line => `  ${line}`)],
});
