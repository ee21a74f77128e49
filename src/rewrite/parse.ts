import { ConvcostError } from '../errors.js';
import type { Network } from '../model/network.js';
import type { LayerChoice } from './choice.js';
import { type Rewrite, type RewriteName, rewrites } from './index.js';

/** One thing to try: a rewrite with its number, or several one after another. */
export interface Plan {
  /** As it was written: `separable`, `width:0.5`, `standard+grouped:4`. */
  readonly name: string;
  /** Whether layers can be chosen for it. */
  readonly ofWhole: boolean;
  /** The rewritten network; the one that is given stays as it is. */
  apply(network: Network, choice?: LayerChoice): Network;
}

/**
 * Reads plans joined by commas; within one, `+` joins steps: `separable,grouped:4,standard+width:0.5`.
 *
 * @throws ConvcostError `unknown-rewrite`, `bad-rewrite-value`
 */
export const parsePlans = (text: string): readonly Plan[] => text.split(',').map(parsePlan);

/**
 * Reads one plan: `separable`, `width:0.5`, or steps joined by `+`.
 *
 * @throws ConvcostError `unknown-rewrite`, `bad-rewrite-value`
 */
export function parsePlan(text: string): Plan {
  const name = text.trim();
  const steps = name.split('+').map(parseStep);
  return {
    name,
    ofWhole: steps.some(({ rewrite }) => rewrite.ofWhole),
    apply: (network, choice = {}) =>
      steps.reduce((before, { rewrite, value }) => rewrite.apply(before, value, choice), network),
  };
}

interface Step {
  readonly rewrite: Rewrite;
  readonly value: number;
}

function parseStep(text: string): Step {
  const [name, number] = text.split(/[:=](.*)/s) as [string, string?];
  const rewrite: Rewrite | undefined = Object.hasOwn(rewrites, name)
    ? rewrites[name as RewriteName]
    : undefined;
  if (!rewrite) {
    const known = Object.keys(rewrites);
    throw new ConvcostError('unknown-rewrite', { word: name, known });
  }
  return { rewrite, value: parseValue(name, number, rewrite) };
}

function parseValue(name: string, text: string | undefined, { value }: Rewrite): number {
  if (!value) {
    if (text === undefined) return 0;
    throw new ConvcostError('bad-rewrite-value', { name, text, wanted: 'none' });
  }
  if (text === undefined && value.usual !== undefined) return value.usual;
  const number = /^(\d+\.?\d*|\.\d+)$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (value.accepts(number)) return number;
  throw new ConvcostError('bad-rewrite-value', { name, text: text ?? '', wanted: value.wanted });
}
