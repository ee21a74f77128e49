import { ConvcostError } from '../errors.js';
import { type Fill, fills, type ValueSource } from '../model/network.js';
import { nearestWord } from '../spec/suggest.js';

/** `ramp`, `ones`, `zeros`, `random`, `random:7` or a .npy file, whose axes are the network's own. */
export function parseData(text: string, layout: string): ValueSource {
  const [fill, seed] = text.split(':') as [string, string?];
  const isSeeded = seed === undefined || (fill === 'random' && /^\d{1,9}$/.test(seed));
  if (fills.includes(fill as Fill) && isSeeded)
    return { type: 'fill', fill: fill as Fill, seed: Number(seed ?? 1) };
  if (text.endsWith('.npy')) return { type: 'file', path: text, layout };
  throw new ConvcostError('bad-data', { text, suggestion: nearestWord(fill, fills) });
}
