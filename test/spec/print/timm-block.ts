import type { TimmBlock } from '../../../src/spec/notations/timm-strings.js';

/** A block as the string that it is read from, defaults left out. */
export function printTimmBlock(block: Omit<TimmBlock, 'place'>): string {
  const { kind, repeat, kernel, stride, expansion, channels, squeeze, expandFrom, activation, skips } = block;
  return [
    kind,
    `r${repeat}`,
    `k${kernel}`,
    `s${stride}`,
    ...(expansion === 1 ? [] : [`e${expansion}`]),
    `c${channels}`,
    ...(squeeze === undefined ? [] : [`se${squeeze}`]),
    ...(expandFrom === undefined ? [] : [`fc${expandFrom}`]),
    ...(activation === 'relu' ? [] : [`n${activationCodes[activation]}`]),
    ...(skips ? [] : ['noskip']),
  ].join('_');
}

const activationCodes: Readonly<Partial<Record<TimmBlock['activation'], string>>> = {
  relu6: 'r6',
  hardswish: 'hs',
  silu: 'sw',
  mish: 'mi',
};
