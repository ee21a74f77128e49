import { describe, expect, it } from 'vitest';
import { type ConvSpec, convFlavor } from '../../src/model/conv.js';
import { filterShape } from '../../src/model/filter-layout.js';
import { aConv } from '../builders.js';

describe('the flavor is derived', () => {
  it.each<[string, Partial<ConvSpec>, number]>([
    // flavor, convolution, input channels
    ['standard', {}, 2],
    ['pointwise', { kernel: 1 }, 2],
    ['depthwise', { groups: 2 }, 2],
    ['depthwise', { groups: 2, kernel: 1 }, 2],
    ['grouped', { groups: 2 }, 4],
    ['transposed', { transposed: true, groups: 2 }, 2],
    ['standard', { groups: 1 }, 1], // one channel in one group is not depthwise
  ])('%s: %j of %d channels', (flavor, spec, channels) => {
    expect(convFlavor(aConv(spec, { channels }))).toBe(flavor);
  });
});

describe('filter layouts', () => {
  it.each<[string, Partial<ConvSpec>, readonly number[]]>([
    ['OIHW', {}, [4, 2, 3, 3]],
    ['HWIO', {}, [3, 3, 2, 4]],
    ['OHWI', {}, [4, 3, 3, 2]],
    ['HWCM', { groups: 2 }, [3, 3, 2, 2]],
    ['1HWO', { groups: 2 }, [1, 3, 3, 4]],
    ['IOHW', { transposed: true }, [2, 4, 3, 3]],
    ['HWOI', { transposed: true, groups: 2 }, [3, 3, 2, 2]],
  ])('%s of %j', (layout, spec, shape) => {
    expect(filterShape(layout, aConv(spec))).toEqual(shape);
  });

  it('letters of other axes are refused', () => {
    expect(() => filterShape('OIDHW', aConv())).toThrow(
      'Filter layout "OIDHW" must order the axes O, I, H, W, each once.',
    );
  });

  it('a depthwise layout is refused where groups are fewer', () => {
    expect(() => filterShape('HWCM', aConv())).toThrow('is for depthwise convolutions');
  });
});

it('groups that do not divide are refused with the numbers', () => {
  expect(() => aConv({ groups: 3 }, { channels: 10 })).toThrow(
    '10 input channels cannot be split into 3 groups. Choose groups that divide 10.',
  );
});
