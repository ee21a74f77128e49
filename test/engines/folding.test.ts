import { describe, expect, it } from 'vitest';
import { compareArrays } from '../../src/engines/agreement.js';
import { executeSteps } from '../../src/engines/execute.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import type { Network, ValueSource } from '../../src/model/network.js';
import { aNetwork } from '../builders.js';

/** Batch norms that change something: every stored value random, variances positive. */
function lively(tokens: string): Network {
  const network = aNetwork(tokens);
  const params = [...network.params].map(([name, param]) => {
    if (param.shape.length > 1) return [name, param] as const;
    const channels = param.shape[0]!;
    const values = Array.from({ length: channels }, (_, c) => 0.5 + ((c * 7 + name.length) % 5) / 4);
    const source: ValueSource = { type: 'values', values, shape: [channels], layout: 'O' };
    return [name, { ...param, values: source }] as const;
  });
  return { ...network, params: new Map(params) };
}

async function run(network: Network, fold: boolean, fuse = false) {
  const engine = { ...createReferenceEngine(), foldsElementwise: fold };
  const execution = { fuse, data: network.data, readArray: () => Promise.reject(new Error('no files here')) };
  const steps = [];
  let output = new Float32Array();
  for await (const step of executeSteps(network, engine, execution)) {
    await step.run();
    steps.push(step.step.layers.map(({ op }) => op).join('+'));
    output = Float32Array.from(step.output);
  }
  return { steps, output };
}

describe('batch norm and activations fold into the convolution before them', () => {
  it.each<[string, boolean, readonly string[]]>([
    ['@9x9x3 conv3x3 4 bn relu6 maxpool2x2', false, ['conv+bn+relu6', 'maxpool']],
    ['@9x9x3 conv3x3 4 bias bn', false, ['conv+bn']],
    ['@9x9x4 conv3x3 8 g2 bn hardswish pw 4 bn', false, ['conv+bn+hardswish', 'pw+bn']],
    ['@9x9x4 dw3x3 m2 bn relu pw 6 bn relu', false, ['dw+bn+relu', 'pw+bn+relu']],
    ['@9x9x4 dw3x3 m2 bn relu pw 6 bn relu', true, ['dw+bn+relu+pw+bn+relu']],
    ['@9x9x4 dw3x3 relu pw 6', true, ['dw+relu+pw']],
    // Not where something stands in between, the activation came first, or another layer reads the middle.
    ['@9x9x3 conv3x3 4 relu bn', false, ['conv+relu', 'bn']],
    ['@9x9x3 conv3x3 4 maxpool2x2 bn relu', false, ['conv', 'maxpool', 'bn', 'relu']],
    ['@9x9x3 tconv2x2 4 s2 bn relu', false, ['tconv', 'bn', 'relu']],
    ['@9x9x3 conv3x3 4 name=c bn name=b add from=b,c', false, ['conv', 'bn', 'add']],
    ['@9x9x4 dw3x3 relu bn pw 6', true, ['dw+relu', 'bn', 'pw']],
    ['@9x9x3 gap fc 5 relu', false, ['gap', 'fc+relu']],
  ])('%s (fused: %s)', async (tokens, fuse, expected) => {
    const network = lively(tokens);
    const folded = await run(network, true, fuse);
    expect(folded.steps).toEqual(expected);
    const { output } = await run(network, false);
    expect(compareArrays(folded.output, output).maxRelError).toBeLessThan(1e-6);
    expect(output.some(value => value !== 0)).toBe(true);
  });
});
