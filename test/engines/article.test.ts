import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { executeSteps } from '../../src/engines/execute.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import { buildNetwork } from '../../src/spec/build.js';
import { parseSpecFile } from '../../src/spec/file.js';

const path = 'examples/separable/spec.yaml';
const network = buildNetwork(parseSpecFile(readFileSync(path, 'utf8'), path), {
  name: 'x',
  source: path,
  format: 'spec',
});

const outputs = async (fuse: boolean) => {
  const found: number[][] = [];
  const options = { fuse, data: network.data, readArray: () => Promise.reject(new Error('no files here')) };
  for await (const ready of executeSteps(network, createReferenceEngine(), options)) {
    await ready.run();
    found.push(Array.from(ready.output));
  }
  return found;
};

/** [row][column][channel], as the article prints it: both rows are alike. */
const rows = (...pixels: number[][]) => [...pixels, ...pixels].flat();

describe("the article's separable convolution", () => {
  it('in two steps', async () => {
    expect(await outputs(false)).toEqual([
      rows([0, 36, 9, 27], [0, 54, 9, 27]),
      rows([72, 72, 72, 72], [90, 90, 90, 90]),
    ]);
  });

  it('fused', async () => {
    expect(await outputs(true)).toEqual([rows([72, 72, 72, 72], [90, 90, 90, 90])]);
  });
});
