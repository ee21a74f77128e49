import { formatShape } from '../../../src/model/shape.js';
import type { LayerSpec, NetworkSpec } from '../../../src/spec/layer-spec.js';
import { cannotPrint } from './printable.js';

/**
 * Layers as rows `operator t c n s`, which `mobilenet-v2-rows` reads back: bottlenecks, plain convolutions
 * and average pools.
 *
 * @throws Error at the first layer that such a row cannot say
 */
export function printMobilenetV2Rows({ input, layers }: NetworkSpec): string {
  const size = input && 'numbers' in input ? `${formatShape(input.numbers)} ` : '';
  const rows = layers.map((layer, index) => `${index === 0 ? size : ''}${rowOf(layer)}\n`);
  return `operator t c n s\n${rows.join('')}`;
}

function rowOf(layer: LayerSpec): string {
  const { op, name = op, kernel, out, expansion, stride = 1, repeat = 1, ...rest } = layer;
  const { place: _place, ...unsaid } = rest;
  const words: Partial<Record<LayerSpec['op'], string>> = {
    ir: `bottleneck ${formatKernel(kernel)} ${expansion} ${out} ${repeat} ${stride}`,
    conv: `conv2d ${formatKernel(kernel)} - ${out} ${repeat} ${stride}`,
    avgpool: `avgpool ${formatKernel(kernel)} - - 1 -`,
    gap: 'avgpool - - 1 -',
  };
  const row = words[op];
  const isPlain = Object.keys(unsaid).length === 0 && layer.name === undefined && typeof stride === 'number';
  return row && isPlain ? row : cannotPrint('mobilenet-v2-rows', { name, op });
}

const formatKernel = (kernel: LayerSpec['kernel'] = 1): string =>
  formatShape(typeof kernel === 'number' ? [kernel, kernel] : kernel);
