import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ownEngines } from '../../src/engines/index.js';
import { type ConvGeometry, resolveConv } from '../../src/model/conv.js';
import { type RandomConv, randomConv, smallIntegers } from '../random-conv.js';
import type { FixtureAttributes, FixtureRequest, FixtureTensor } from './fixtures.js';
import { runFixture } from './run-fixture.js';
import { reader, textbookConv } from './textbook.js';

/** Requests as the conformance set has them, in any layout, that no file contains. */
const randomRequest = fc
  .record({
    conv: randomConv(),
    bias: fc.boolean(),
    shuffle: fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
    seed: fc.nat(1000),
  })
  .map(({ conv, bias, shuffle, seed }) => {
    const geometry = resolveConv(conv.spec, conv.input);
    const { transposed, batch, inChannels, outChannels, groups, axes } = geometry;
    const spatial = 'DHW'.slice(3 - axes.length);
    const layout = shuffled(`NC${spatial}`, shuffle);
    const filterLayout = shuffled(`OI${spatial}`, shuffle.toReversed());
    const kernel = named(
      spatial,
      axes.map(axis => axis.kernel),
    );
    const sizes = named(spatial, conv.input.sizes);
    const request: FixtureRequest = {
      id: 'random',
      op: `${transposed ? 'convTranspose' : 'conv'}${axes.length}d`,
      layout,
      filterLayout,
      attrs: attributesOf(conv, geometry),
      inputs: {
        x: tensor(layout, { N: batch, C: inChannels, ...sizes }, seed),
        w: tensor(
          filterLayout,
          transposed
            ? { I: inChannels, O: outChannels / groups, ...kernel }
            : { I: inChannels / groups, O: outChannels, ...kernel },
          seed + 1,
        ),
        ...(bias && { b: tensor('O', { O: outChannels }, seed + 2) }),
      },
    };
    return { geometry, request };
  });

const autoPads = { 'same-upper': 'SAME_UPPER', 'same-lower': 'SAME_LOWER', valid: 'VALID' } as const;

function attributesOf({ spec }: RandomConv, { axes, groups, padding }: ConvGeometry): FixtureAttributes {
  const outputPadding = spec.outputPadding as readonly number[] | undefined;
  const edges = [...axes.map(axis => axis.padBegin), ...axes.map(axis => axis.padEnd)];
  return {
    strides: axes.map(axis => axis.stride),
    dilations: axes.map(axis => axis.dilation),
    groups,
    ...(outputPadding && { outputPadding }),
    ...(padding === 'explicit' ? { pads: edges } : { autoPad: autoPads[padding] }),
  };
}

const named = (letters: string, numbers: readonly number[]) =>
  Object.fromEntries([...letters].map((letter, i) => [letter, numbers[i]!]));

/** The letters in an order that some numbers decide. */
const shuffled = (letters: string, by: readonly number[]) =>
  [...letters]
    .map((letter, i) => [by[i]!, letter] as const)
    .sort(([a], [b]) => a - b)
    .map(([, letter]) => letter)
    .join('');

function tensor(layout: string, sizes: Readonly<Record<string, number>>, seed: number): FixtureTensor {
  const shape = Array.from(layout, letter => sizes[letter]!);
  return {
    shape,
    data: Array.from(
      smallIntegers(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ),
    ),
  };
}

describe.each(Object.entries(ownEngines))('%s engine', async (_, { create }) => {
  const engine = await create();
  afterAll(() => engine.close());

  it('computes what the textbook says, to the last bit, in every layout', () =>
    fc.assert(
      fc.asyncProperty(randomRequest, async ({ geometry, request }) => {
        const { x, w, b } = request.inputs;
        const { shape, values } = await runFixture(engine, request);
        const spatial = 'DHW'.slice(3 - geometry.axes.length);
        const expected = textbookConv(
          geometry,
          reader(x.data!, x.shape, request.layout),
          reader(w.data!, w.shape, request.filterLayout),
          b?.data ?? [],
        );
        const outputSizes = geometry.axes.map(axis => axis.output);
        const canonicalShape = [geometry.batch, geometry.outChannels, ...outputSizes];
        const at = reader(expected, canonicalShape, `NC${spatial}`);
        const inLayout = readAll(shape, request.layout, at);
        expect(Array.from(values)).toEqual(inLayout);
      }),
      { numRuns: 150 },
    ));
});

/** Every value, row-major in a layout. */
function readAll(shape: readonly number[], layout: string, at: ReturnType<typeof reader>): number[] {
  const count = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, index) => {
    let rest = index;
    const position: Record<string, number> = {};
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position[layout[axis]!] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return at(position);
  });
}
