import { requireAtLeast } from '../../model/window.js';
import type { LayerBuilder } from './layer-builder.js';

export const unknownBuilders = {
  // Nothing is known but, where it is written, the channels: sizes are taken to pass through.
  unknown: ({ out, reason = 'not understood' }, [input]) => {
    if (out !== undefined) requireAtLeast('Number of output channels', out, 1);
    return { body: { kind: 'unknown', reason }, output: { ...input!, channels: out ?? input!.channels } };
  },
} satisfies Record<string, LayerBuilder>;
