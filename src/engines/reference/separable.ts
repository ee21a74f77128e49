import { activationFunction } from '../../model/activation.js';
import { depthMultiplier } from '../../model/conv.js';
import { elementCount } from '../../model/shape.js';
import {
  type Kernel,
  type PreparedKernel,
  type ProblemWeights,
  type SeparableProblem,
  separableWeights,
} from '../engine.js';
import type { PaddingTaps } from './conv.js';
import { axes3, finePositions, forEachPosition, sizes3 } from './grid.js';

/**
 * Depthwise and pointwise convolution in one pass, as the article's `separable_conv2d`: for every output
 * position the depthwise step fills one row of channels, which the pointwise step mixes at once. The same
 * values as the two steps, without the feature map between them.
 */
export const referenceSeparable = (paddingTaps: PaddingTaps = 'skip'): Kernel => ({
  name: 'reference-separable-fused',
  supports: problem => problem.kind === 'separable',
  prepare: (problem, weights) => prepareSeparable(problem as SeparableProblem, weights, paddingTaps),
});

function prepareSeparable(
  problem: SeparableProblem,
  weights: ProblemWeights,
  paddingTaps: PaddingTaps,
): PreparedKernel {
  const { depthwise, pointwise } = problem;
  const { geometry } = depthwise;
  const { batch, inChannels, outChannels: middleChannels } = geometry;
  const { outChannels } = pointwise.geometry;
  const multiplier = depthMultiplier(geometry);
  const [ofDepthwise, ofPointwise] = separableWeights(problem, weights);
  const [depthwiseWeights, depthwiseBias] = ofDepthwise;
  const [pointwiseWeights, pointwiseBias] = ofPointwise;
  const activateMiddle = activationFunction(depthwise.activation);
  const activate = activationFunction(pointwise.activation);

  const axes = axes3(geometry.axes);
  const [kernel, inputSizes, outputSizes] = (['kernel', 'input', 'output'] as const).map(key =>
    sizes3(axes.map(axis => axis[key])),
  ) as [ReturnType<typeof sizes3>, ReturnType<typeof sizes3>, ReturnType<typeof sizes3>];
  const taps = elementCount(kernel);
  const [inD, inH, inW] = axes.map(axis => finePositions(axis, axis.output, axis.input)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const row = new Float32Array(middleChannels);
  let multiplies = 0;

  return {
    run([input], output) {
      const imageIn = elementCount(inputSizes);
      const imageOut = elementCount(outputSizes);
      multiplies = 0;
      for (let b = 0; b < batch; b++) {
        forEachPosition(outputSizes, (od, oh, ow, position) => {
          for (let mc = 0; mc < middleChannels; mc++) {
            const ic = Math.floor(mc / multiplier);
            let sum = 0;
            forEachPosition(kernel, (kd, kh, kw, tap) => {
              const d = inD[od * kernel[0] + kd]!;
              const h = inH[oh * kernel[1] + kh]!;
              const w = inW[ow * kernel[2] + kw]!;
              const isInside = d >= 0 && h >= 0 && w >= 0;
              if (!isInside && paddingTaps === 'skip') return;
              const pixel = b * imageIn + (d * inputSizes[1] + h) * inputSizes[2] + w;
              const value = isInside ? input![pixel * inChannels + ic]! : 0;
              sum += value * depthwiseWeights![mc * taps + tap]!;
              multiplies++;
            });
            row[mc] = activateMiddle(sum + (depthwiseBias?.[mc] ?? 0));
          }
          for (let oc = 0; oc < outChannels; oc++) {
            let sum = 0;
            for (let mc = 0; mc < middleChannels; mc++) {
              sum += row[mc]! * pointwiseWeights![oc * middleChannels + mc]!;
              multiplies++;
            }
            output[(b * imageOut + position) * outChannels + oc] = activate(sum + (pointwiseBias?.[oc] ?? 0));
          }
        });
      }
    },
    multiplies: () => multiplies,
  };
}
