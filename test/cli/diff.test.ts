import { expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const before = '@8x8x4 conv3x3 8 name=stem dw3x3 name=c2 pw 4 name=head';
const after = '@8x8x4 conv3x3 8 name=stem conv3x3 8 name=c2 gap';

it('diff tells added, removed and changed layers, the largest effect first', async () => {
  const { code, stdout } = await convcost(['diff', before, after]);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "@8x8x4 conv3x3 8 name=stem dw3x3 name=c2 pw 4 name=head -> @8x8x4 conv3x3 8 name=stem conv3x3 8 name=c2 gap

       layer  what changed                             macs  params  activations
    ~  c2     depthwise 3x3 8 -> standard 3x3 8-8  +32.26 k    +504
    -  head   gone, pointwise 1x1 8-4                 -2048     -32    -3.00 KiB
    +  gap1   new, gap                                                 +2.03 KiB

    1 layer changed, 1 added, 1 removed, 1 unchanged
    macs: 25,088 -> 55,296 (+120.4 %)
    params: 392 -> 864 (+120.4 %)
    paramBytes: 1,568 -> 3,456 bytes (+120.4 %)
    peakActivations: 4,096 bytes, unchanged

    macs: multiply-accumulates of the dense algorithm, padding included, batch as shown (convention: convcost); FLOPs would be 2 x macs.
    "
  `);
});

it('as JSON, with every number raw', async () => {
  const { stdout } = await convcost(['diff', before, after, '--format', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'diff',
    change: { macs: 30_208, params: 472 },
    unchanged: 1,
    layers: [
      { kind: 'changed', name: 'c2', delta: { macs: 32_256, params: 504, activations: 0 } },
      { kind: 'removed', name: 'head', delta: { macs: -2048, params: -32 }, after: null },
      { kind: 'added', name: 'gap1', before: null },
    ],
  });
});

it('equal networks differ in nothing', async () => {
  expect((await convcost(['diff', before, before])).stdout).toContain(
    '0 layers changed, 0 added, 0 removed, 3 unchanged',
  );
});

it.each([[[before]], [[before, before, before]]])('takes two sources: %#', async sources => {
  const { code, stderr } = await convcost(['diff', ...sources]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('takes two sources')]);
});
