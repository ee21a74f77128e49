import type { Layer } from '../../model/layer.js';
import type { FeatureMap } from '../../model/layout.js';
import type { Param, ValueSource } from '../../model/network.js';
import type { LayerSpec } from '../layer-spec.js';

/** Makes one layer of what was written and of the feature maps that flow in. Pure; shapes only. */
export type LayerBuilder = (spec: LayerSpec, inputs: readonly FeatureMap[]) => BuiltLayer;

export interface BuiltLayer {
  readonly body: LayerBody;
  readonly output: FeatureMap;
  readonly stored?: readonly StoredTensor[];
}

type Connections = 'name' | 'op' | 'inputs' | 'outputs' | 'params' | 'form';
/** What is a layer's own, without its name and connections. */
export type LayerBody = Layer extends infer Each
  ? Each extends Layer
    ? Omit<Each, Connections>
    : never
  : never;

/** A tensor that the layer stores, named for its part: `weight`, `bias`, `scale` ... */
export interface StoredTensor extends Pick<Param, 'shape' | 'learned'> {
  readonly part: string;
  readonly values: ValueSource;
}
