import type { ActivationName } from '../../model/activation.js';
import { exactProduct } from '../../model/exact.js';
import type { ConvLayer, FreeCompute, Layer, MatmulLayer, TensorInfo } from '../../model/layer.js';
import { convMacs, matmulMacs } from '../../model/macs.js';
import { elementCount } from '../../model/shape.js';
import { convBiasAdds } from '../conv.js';
import { matmulBiasAdds } from '../matmul.js';
import type { Amounts, FreeOf, Rule } from './convention.js';

/** Formulas that several conventions share. */

const countElements = (tensor: TensorInfo | undefined): number => (tensor ? elementCount(tensor.shape) : 0);
/** Of what a layer reads first. */
export const inputElements = ({ inputs }: Layer): number => countElements(inputs[0]);
export const outputElements = ({ outputs }: Layer): number => countElements(outputs[0]);

const isModule = ({ form = 'module' }: Layer): boolean => form === 'module';
/** `x.mean([2, 3])` and the like. */
export const isMethod = ({ form }: Layer): boolean => form === 'method';

/** A product of two activations, as in attention: no layer with weights of its own. */
export const isProduct = ({ params }: MatmulLayer): boolean => params.length === 0;

export const convBias: Rule<ConvLayer> = ({ bias, geometry }) =>
  bias ? { biasAdds: convBiasAdds(geometry) } : {};
export const denseBias: Rule<MatmulLayer> = ({ bias, products }) =>
  bias ? { biasAdds: matmulBiasAdds(products) } : {};

/** A transposed convolution as if each output were a sum over a whole window of the input. */
export const transposedOnOutput: Rule<ConvLayer> = ({ geometry }) =>
  geometry.transposed
    ? { transposed: convBiasAdds(geometry) * windowSize(geometry) - convMacs(geometry) }
    : {};

const windowSize = ({ inChannels, groups, axes }: ConvLayer['geometry']): number =>
  exactProduct('window', [inChannels / groups, ...axes.map(axis => axis.kernel)]);

/** A tool that hooks modules sees nothing of a convolution or dense layer that is called as a function. */
export const convUnseen: Rule<ConvLayer> = ({ geometry }) => ({ functions: -convMacs(geometry) });
export const denseUnseen: Rule<MatmulLayer> = ({ products }) => ({ functions: -matmulMacs(products) });

/** One rule for modules, another for functions. */
export const byForm =
  <Each extends Layer>(module: Rule<Each>, asFunction: Rule<Each>): Rule<Each> =>
  (layer, around) =>
    (isModule(layer) ? module : asFunction)(layer, around);

export const nothing = (): Amounts => ({});

/** Several rules of one layer, each with terms of its own. */
export const all =
  <Each extends Layer>(...rules: readonly Rule<Each>[]): Rule<Each> =>
  (layer, around) =>
    Object.assign({}, ...rules.map(rule => rule(layer, around)));

export type PerElement = Readonly<Partial<Record<ActivationName, number>>>;

/** So much for every element that comes out. */
export const activationsAt =
  (perElement: PerElement): Rule<FreeOf<'activation'>> =>
  layer => ({ activations: (perElement[layer.compute.activation.name] ?? 0) * outputElements(layer) });

export const isAverage = (compute: FreeCompute): boolean => 'mode' in compute && compute.mode === 'avg';
