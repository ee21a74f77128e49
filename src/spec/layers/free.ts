import { ConvcostError } from '../../errors.js';
import { activations, noActivation } from '../../model/activation.js';
import type { FreeCompute, PoolGeometry } from '../../model/layer.js';
import type { FeatureMap } from '../../model/layout.js';
import { sameShape } from '../../model/shape.js';
import { requireAtLeast, resolveAxes } from '../../model/window.js';
import type { LayerSpec } from '../layer-spec.js';
import { rowLength } from './dense.js';
import type { BuiltLayer, LayerBuilder } from './layer-builder.js';
import { constantFill } from './values.js';

const free = (compute: FreeCompute, output: FeatureMap): BuiltLayer => ({
  body: { kind: 'free', compute },
  output,
});

const pool =
  (mode: 'max' | 'avg'): LayerBuilder =>
  (spec, [input]) => {
    const { batch, channels, sizes } = input!;
    const { kernel = 1, stride = kernel, padding = 'valid', dilation, ceil = false, countPadding } = spec;
    const window = resolveAxes({ kernel, stride, padding, dilation }, sizes, ceil ? 'ceil' : 'floor');
    const geometry: PoolGeometry = { batch, channels, ceil, ...window };
    // PyTorch counts explicit zeros in an average; TensorFlow's SAME does not.
    const countsPadding = countPadding ?? geometry.padding === 'explicit';
    return free(
      { type: 'pool', mode, geometry, countPadding: countsPadding },
      { batch, channels, sizes: geometry.axes.map(axis => axis.output) },
    );
  };

const adaptivePool = (input: FeatureMap, outputSizes: readonly number[]): BuiltLayer => {
  if (outputSizes.length !== input.sizes.length) {
    throw new ConvcostError('wrong-axis-count', {
      what: 'Output size',
      count: outputSizes.length,
      axes: input.sizes.length,
    });
  }
  for (const size of outputSizes) requireAtLeast('Output size', size, 1);
  return free({ type: 'adaptive-pool', mode: 'avg', input, outputSizes }, { ...input, sizes: outputSizes });
};

/** Value by value, of inputs that are alike or, in some axes, of size 1. */
const join =
  (type: 'add' | 'mul'): LayerBuilder =>
  (_spec, inputs) => {
    if (inputs.length < 2) throw new ConvcostError('join-needs-two', { op: type, count: inputs.length });
    const largest = inputs.reduce((a, b) => (rowLength(b) > rowLength(a) ? b : a));
    const fits = (map: FeatureMap) =>
      map.batch === largest.batch &&
      map.channels === largest.channels &&
      (sameShape(map.sizes, largest.sizes) || map.sizes.every(size => size === 1));
    const odd = inputs.find(map => !fits(map));
    if (odd)
      throw new ConvcostError('join-disagrees', { op: type, a: dimensions(largest), b: dimensions(odd) });
    return free({ type }, largest);
  };

const dimensions = ({ sizes, channels }: FeatureMap): readonly number[] => [...sizes, channels];

const rules = {
  maxpool: pool('max'),
  avgpool: pool('avg'),
  gap: (_spec, [input]) =>
    adaptivePool(
      input!,
      input!.sizes.map(() => 1),
    ),
  adaptivepool: ({ size }, [input]) =>
    adaptivePool(input!, typeof size === 'number' ? input!.sizes.map(() => size) : size!),
  add: join('add'),
  mul: join('mul'),
  concat: (_spec, inputs) => {
    const [first, ...rest] = inputs;
    const odd = rest.find(map => map.batch !== first!.batch || !sameShape(map.sizes, first!.sizes));
    if (odd)
      throw new ConvcostError('join-disagrees', { op: 'concat', a: dimensions(first!), b: dimensions(odd) });
    return free(
      { type: 'concat' },
      { ...first!, channels: inputs.reduce((sum, map) => sum + map.channels, 0) },
    );
  },
  slice: ({ start, end }, [input]) => {
    if (!(0 <= start! && start! < end! && end! <= input!.channels)) {
      throw new ConvcostError('bad-slice', { start: start!, end: end!, channels: input!.channels });
    }
    return free({ type: 'channel-slice', start: start!, end: end! }, { ...input!, channels: end! - start! });
  },
  shuffle: ({ groups = 1 }, [input]) => {
    requireAtLeast('Number of groups', groups, 1);
    if (input!.channels % groups !== 0) {
      throw new ConvcostError('channels-not-divisible', { side: 'input', channels: input!.channels, groups });
    }
    return free({ type: 'channel-shuffle', groups }, input!);
  },
  bn: ({ epsilon = 1e-5 }, [input]) => {
    const shape = [input!.channels];
    return {
      ...free({ type: 'batch-norm', epsilon }, input!),
      stored: [
        { part: 'scale', shape, learned: true, values: constantFill('ones') },
        { part: 'shift', shape, learned: true, values: constantFill('zeros') },
        { part: 'mean', shape, learned: false, values: constantFill('zeros') },
        { part: 'variance', shape, learned: false, values: constantFill('ones') },
      ],
    };
  },
  flatten: (_spec, [input]) =>
    free({ type: 'flatten' }, { batch: input!.batch, channels: rowLength(input!), sizes: [] }),
  softmax: (_spec, [input]) => free({ type: 'softmax' }, input!),
  dropout: (_spec, [input]) => free({ type: 'identity' }, input!),
} satisfies Record<string, LayerBuilder>;

const activate: LayerBuilder = ({ activation = noActivation }: LayerSpec, [input]) =>
  free({ type: 'activation', activation }, input!);

export const freeBuilders = {
  ...rules,
  ...(Object.fromEntries(Object.keys(activations).map(name => [name, activate])) as Record<
    Exclude<keyof typeof activations, 'none'>,
    LayerBuilder
  >),
};
