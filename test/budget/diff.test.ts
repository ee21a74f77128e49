import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffNetworks, diffSnapshots } from '../../src/budget/diff.js';
import { countNetwork } from '../../src/cost/count.js';
import { aNetwork } from '../builders.js';

const diff = (before: string, after: string) =>
  diffNetworks(countNetwork(aNetwork(before)), countNetwork(aNetwork(after)));

/** `~ conv2 was dw1`, `+ conv3`, `- pw1`: the changes, in the order of their effect. */
const words = (before: string, after: string): string[] =>
  diff(before, after).changes.map(change => {
    const sign = { added: '+', removed: '-', changed: '~' }[change.kind];
    const was = change.before && change.before.name !== change.name ? ` was ${change.before.name}` : '';
    return `${sign} ${change.name}${was}`;
  });

describe('layers are matched by name, then by structure', () => {
  it.each<[string, string, string, string[]]>([
    // what happened, before, after, changes
    ['nothing', '@8x8x4 conv3x3 8 pw 4', '@8x8x4 conv3x3 8 pw 4', []],
    ['a layer was widened', '@8x8x4 conv3x3 8 pw 4', '@8x8x4 conv3x3 16 pw 4', ['~ conv1', '~ pw1']],
    [
      'a depthwise layer turned standard',
      '@8x8x4 dw3x3 name=a pw 4',
      '@8x8x4 conv3x3 4 name=a pw 4',
      ['~ a'],
    ],
    [
      'one turned standard, and with it every number behind',
      '@8x8x4 conv3x3 8 dw3x3 conv3x3 4 conv5x5 8',
      '@8x8x4 conv3x3 8 conv3x3 8 conv3x3 4 conv5x5 8',
      ['~ conv2 was dw1'],
    ],
    [
      'one came first, and renumbered the others',
      '@8x8x8 conv3x3 8 s2 conv5x5 8 conv7x7 8',
      '@8x8x8 conv1x1 8 conv3x3 8 s2 conv5x5 8 conv7x7 8',
      ['+ conv1'],
    ],
    ['one was renamed', '@8x8x4 conv3x3 8 name=a', '@8x8x4 conv3x3 8 name=b', []],
    ['one went', '@8x8x4 conv3x3 8 pw 4', '@8x8x4 conv3x3 8', ['- pw1']],
    [
      'two changed places',
      '@8x8x4 conv3x3 4 name=a conv5x5 4 name=b',
      '@8x8x4 conv5x5 4 name=b conv3x3 4 name=a',
      [],
    ],
    ['the input grew', '@8x8x4 conv3x3 4 gap', '@16x16x4 conv3x3 4 gap', ['~ conv1', '~ gap1']],
  ])('%s', (_, before, after, changes) => {
    expect(words(before, after)).toEqual(changes);
  });

  it('a pair that became one standard layer: its depthwise step changed, its pointwise step is gone', () => {
    expect(words('@8x8x4 sep3x3 16 name=s', '@8x8x4 conv3x3 16 name=s')).toEqual(['~ s was s.dw', '- s.pw']);
  });
});

it('two large networks that have nothing in common are compared in no time', () => {
  const many = (form: string) => ({
    totals: diff('@8x8x4 relu', '@8x8x4 relu').before,
    layers: Array.from({ length: 20_000 }, (_, i) => ({
      name: `${form}${i}`,
      form: `${form} ${i}`,
      macs: 1,
      params: 1,
      activations: 1,
    })),
  });
  const { changes } = diffSnapshots(many('a'), many('b'));
  expect(changes.filter(({ kind }) => kind === 'changed')).toHaveLength(20_000);
});

describe('changes', () => {
  it('carry macs, params and bytes, exactly', () => {
    const { changes, before, after, unchanged } = diff('@8x8x4 conv3x3 8 pw 4', '@8x8x4 conv3x3 8 pw 6');
    expect(changes).toHaveLength(1);
    // 8x8 outputs, 8 channels in, 2 filters more: macs 64*8*2, params 8*2, output bytes 64*2*4.
    expect(changes[0]!.delta).toEqual({ macs: 1024, params: 16, activations: 512 });
    expect(after.macs - before.macs).toBe(1024);
    expect(unchanged).toBe(1);
  });

  it('are sorted by their effect', () => {
    const { changes } = diff(
      '@8x8x4 conv3x3 4 name=small conv3x3 4 name=large',
      '@8x8x4 conv3x3 4 name=small d2 conv5x5 4 name=large',
    );
    expect(changes.map(({ name }) => name)).toEqual(['large', 'small']);
    expect(changes[1]!.delta).toEqual({ macs: 0, params: 0, activations: 0 });
  });
});

describe('laws', () => {
  const aLine = fc
    .array(
      fc.constantFrom('conv3x3 4', 'conv3x3 8', 'dw3x3', 'pw 4', 'pw 8', 'conv5x5 4 s2', 'relu', 'sep3x3 8'),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    .map(layers => `@16x16x4 ${layers.join(' ')}`);
  const costOf = (tokens: string) => countNetwork(aNetwork(tokens));

  it('a network does not differ from itself', () => {
    fc.assert(
      fc.property(aLine, line => {
        expect(diff(line, line).changes).toEqual([]);
      }),
    );
  });

  it('the changes of the layers sum to the change of the whole', () => {
    fc.assert(
      fc.property(aLine, aLine, (a, b) => {
        const { changes, unchanged } = diff(a, b);
        for (const key of ['macs', 'params'] as const) {
          const sum = changes.reduce((total, { delta }) => total + delta[key], 0);
          expect(sum).toBe(costOf(b).totals[key] - costOf(a).totals[key]);
        }
        const of = (side: 'before' | 'after') => changes.filter(change => change[side]).length + unchanged;
        expect([of('before'), of('after')]).toEqual([costOf(a).layers.length, costOf(b).layers.length]);
      }),
    );
  });
});
