import type { MacroOp } from '../macros.js';
import type { OpName } from '../ops.js';
import { convBuilders } from './conv.js';
import { denseBuilders } from './dense.js';
import { freeBuilders } from './free.js';
import type { LayerBuilder } from './layer-builder.js';
import { unknownBuilders } from './unknown.js';

/** How every layer kind that is not a macro becomes a layer. */
export const layerBuilders: Readonly<Record<Exclude<OpName, MacroOp>, LayerBuilder>> = {
  ...convBuilders,
  ...denseBuilders,
  ...freeBuilders,
  ...unknownBuilders,
};
