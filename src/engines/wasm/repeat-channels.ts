import type { FunctionBuilder } from './assembler/function.js';
import type { ModuleBuilder } from './assembler/module.js';
import { f32x4, i32 } from './assembler/values.js';
import { floatBytes } from './bytes.js';
import { stageParameters } from './runtime.js';

/**
 * Emits the stage `(begin, end, worker, input, output)`, which writes every channel of a pixel `times` times
 * in a row; an item is a pixel. A depthwise convolution with a multiplier is then one without.
 */
export function emitRepeatChannels(
  module: ModuleBuilder,
  name: string,
  { channels, times }: { readonly channels: number; readonly times: number },
): FunctionBuilder {
  const parameters = [...stageParameters, 'input', 'output'] as const;
  return module.define(name, parameters, (f, { begin, end, input, output }) => {
    const pixel = f.int();
    const from = f.int();
    const to = f.int();
    const last = f.int();
    const value = f.vector();
    f.range(pixel, begin, end, () => {
      f.set(from, i32.add(input, i32.multiply(pixel, channels * floatBytes)));
      f.set(to, i32.add(output, i32.multiply(pixel, channels * times * floatBytes)));
      f.set(last, i32.add(from, channels * floatBytes));
      f.until(from, floatBytes, last, () => {
        f.set(value, f32x4.loadSplat(from));
        for (let at = 0; at < times; at += 4) f.store(to, at * floatBytes, value, times - at);
        f.advance(to, times * floatBytes);
      });
    });
  });
}
