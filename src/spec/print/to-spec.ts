import { ConvcostError } from '../../errors.js';
import type { Layer, TensorInfo } from '../../model/layer.js';
import { layoutName } from '../../model/layout.js';
import type { Network } from '../../model/network.js';
import type { DataSpec, LayerSpec, NetworkSpec } from '../layer-spec.js';
import { cannotExport, valuesSpec } from './exportable.js';
import { layerSpec } from './layer-to-spec.js';

/**
 * A network as it could have been written: the inverse of `buildNetwork`. Names, branches, padding and fills
 * are kept; values that only a model file holds are left out.
 *
 * @throws ConvcostError `cannot-export` at the first layer that a spec has no words for
 */
export function toSpec(network: Network): NetworkSpec {
  refuseSharedParams(network);
  const { layout, layers, notes } = network;
  const names = new ReadableNames(network);
  let before = names.inputs[0]!;
  const written = layers.map((layer): LayerSpec => {
    const from = layer.inputs.map(({ name }) => names.of(name, layer));
    const isNext = from.length === 1 && from[0] === before;
    before = names.define(layer);
    return {
      ...layerSpec(layer, network),
      name: before,
      ...(!isNext && { from }),
      ...(layer.form && { form: layer.form }),
    };
  });
  const [first, ...others] = network.inputs.map(input => inputSpec(input, network));
  return {
    name: network.name,
    order: layout,
    input: { shape: first!.shape, layout: first!.layout },
    ...(first!.data && { data: first!.data }),
    ...(others.length > 0 && {
      inputs: new Map(others.map((input, i) => [names.inputs[i + 1]!, extraInput(input)] as const)),
    }),
    layers: written,
    notes,
  };
}

/** What layers are called that read a tensor: the first input is `input`, a layer's output has the layer's name. */
class ReadableNames {
  readonly inputs: readonly string[];
  readonly #names = new Map<string, string>();
  readonly #used = new Set<string>();

  constructor({ inputs }: Network) {
    this.inputs = inputs.map(({ name }, index) => this.#free(index === 0 ? 'input' : name));
    inputs.forEach(({ name }, index) => {
      this.#names.set(name, this.inputs[index]!);
    });
  }

  define(layer: Layer): string {
    const name = this.#free(layer.name);
    this.#names.set(layer.outputs[0]!.name, name);
    return name;
  }

  of(tensor: string, reader: Layer): string {
    return this.#names.get(tensor) ?? cannotExport(reader, `it reads ${tensor}, which no layer writes alone`);
  }

  #free(wanted: string): string {
    let name = wanted === '' ? 'layer' : wanted;
    for (let i = 2; this.#used.has(name); i++) name = `${wanted}_${i}`;
    this.#used.add(name);
    return name;
  }
}

interface InputInWords {
  readonly shape: TensorInfo['shape'];
  readonly layout: string;
  readonly data?: DataSpec;
}

function inputSpec({ name, shape }: TensorInfo, { layout, data }: Network): InputInWords {
  if (shape.length < 2)
    throw new ConvcostError('cannot-export', { layer: name, reason: 'its shape has no batch' });
  const source = data.get(name);
  const values = source && valuesSpec(source);
  return {
    shape,
    layout: layoutName(layout, shape.length),
    ...(values && { data: { values, ...('layout' in values && { layout: values.layout! }) } }),
  };
}

const extraInput = ({ shape, layout, data }: InputInWords): DataSpec => ({
  shape,
  layout,
  values: data?.values ?? { fill: 'random', seed: 1 },
});

/** A spec gives every layer weights of its own: shared ones would be counted twice. */
function refuseSharedParams({ layers }: Network): void {
  const owners = new Map<string, Layer>();
  for (const layer of layers) {
    for (const param of layer.params) {
      const owner = owners.get(param);
      if (owner && owner !== layer) cannotExport(layer, `it shares ${param} with ${owner.name}`);
      owners.set(param, layer);
    }
  }
}
