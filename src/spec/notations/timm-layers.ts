import { makeActivation } from '../../model/activation.js';
import type { LayerSpec } from '../layer-spec.js';
import type { TimmBlock, TimmKind } from './timm-strings.js';

/** The layers of block strings, named as timm names them: `blocks.0.1.conv_dw`. Padding is half of the kernel. */
export const timmLayers = (blocks: readonly TimmBlock[]): readonly LayerSpec[] =>
  blocks.flatMap((block, stage) =>
    Array.from({ length: block.repeat }, (_, turn) => {
      const here = turn === 0 ? block : { ...block, stride: 1 };
      return layersOf[block.kind](here, `blocks.${stage}.${turn}`);
    }).flat(),
  );

type LayersOf = (block: TimmBlock, name: string) => readonly LayerSpec[];

const blockOf = (op: 'mbconv' | 'fusedmbconv', block: TimmBlock, name: string): LayerSpec => ({
  op,
  name,
  kernel: [block.kernel, block.kernel],
  stride: block.stride,
  out: block.channels,
  activation: makeActivation(block.activation),
  skips: block.skips,
  ...(block.squeeze !== undefined && { squeeze: block.squeeze }),
  place: block.place,
});

const layersOf: Readonly<Record<TimmKind, LayersOf>> = {
  ir: (block, name) => [{ ...blockOf('mbconv', block, name), expansion: block.expansion }],
  ds: (block, name) => [blockOf('mbconv', block, name)],
  er: (block, name) => [
    {
      ...blockOf('fusedmbconv', block, name),
      expansion: block.expansion,
      ...(block.expandFrom !== undefined && { hidden: Math.round(block.expandFrom * block.expansion) }),
    },
  ],
  cn: ({ kernel, stride, channels, activation, place }, name) => [
    {
      op: 'conv',
      name: `${name}.conv`,
      kernel: [kernel, kernel],
      stride,
      padding: Math.floor(kernel / 2),
      out: channels,
      place,
    },
    { op: 'bn', name: `${name}.bn1` },
    { op: activation, name: `${name}.act1`, activation: makeActivation(activation) },
  ],
};
