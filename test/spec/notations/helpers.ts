import { ConvcostError } from '../../../src/errors.js';
import type { Network } from '../../../src/model/network.js';
import { buildNetwork } from '../../../src/spec/build.js';
import { type ParseOptions, parseNotation } from '../../../src/spec/notations/index.js';

/** Pasted text as a network. */
export function networkOf(text: string, options: ParseOptions & { shape?: readonly number[] }): Network {
  const spec = parseNotation(text, options);
  return buildNetwork(spec, { name: 'pasted', source: 'stdin', format: 'text', shape: options.shape });
}

/** The error that `work` must end in. */
export function errorOf(work: () => unknown): ConvcostError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConvcostError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
