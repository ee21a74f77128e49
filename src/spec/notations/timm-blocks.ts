import type { LayerSpec, NetworkSpec } from '../layer-spec.js';
import type { Notation } from './notation.js';
import { timmLayers } from './timm-layers.js';
import { parseTimmBlocks } from './timm-strings.js';

/**
 * Block strings of timm (`timm/models/_efficientnet_builder.py`), for example `ir_r2_k3_s2_e6_c24_se0.25`:
 * kind, repetitions, kernel, stride, expansion, channels, squeeze-and-excitation. Quotes, brackets and
 * commas around them fall away.
 */
export const timmBlocks: Notation = {
  name: 'timm-blocks',
  says: 'block strings of timm',
  example: 'ir_r2_k3_s2_e6_c24_se0.25',
  matches: text => /(^|[\s'"[,])(ir|ds|er|cn)(_[a-z]+[\d.]+)*_c\d+/.test(text),
  parse: (text, { placeOf }): NetworkSpec => {
    const blocks = parseTimmBlocks(text, placeOf);
    const notes = [stemNote];
    if (blocks.some(({ squeeze }) => squeeze !== undefined)) notes.push(squeezeNote);
    const layers: readonly LayerSpec[] = timmLayers(blocks);
    return { layers, order: 'channels-first', notes };
  },
};

const stemNote = 'Block strings are the blocks alone: the first and the last layers are not in them.';
const squeezeNote =
  "'se' is read as a part of the block's input channels, as in EfficientNet; MobileNetV3 means the expanded ones.";
