import { elementwise } from './elementwise.js';
import { generators } from './generators.js';
import { cells, microsoft } from './microsoft.js';
import { movement } from './movement.js';
import { normalization } from './normalization.js';
import { products } from './products.js';
import { quantization } from './quantization.js';
import { reductions } from './reductions.js';
import type { Rule, Rules } from './rule.js';
import { selection } from './selection.js';
import { sequences } from './sequences.js';
import { spatial } from './spatial.js';

/** Every operator whose shapes are understood. A name with a domain before it wins over one without. */
export const shapeRules: Rules = {
  ...elementwise,
  ...movement,
  ...selection,
  ...generators,
  ...reductions,
  ...spatial,
  ...products,
  ...normalization,
  ...quantization,
  ...sequences,
  ...microsoft,
  ...cells,
};

/** Looks an operator up in a table of its kind: rules of shapes, lowerings. */
export function operatorIn<T>(table: Readonly<Record<string, T>>, domain: string, op: string): T | undefined {
  if (domain !== '' && domain !== 'com.microsoft') return undefined;
  const full = domain === '' ? op : `${domain}.${op}`;
  if (Object.hasOwn(table, full)) return table[full];
  return Object.hasOwn(table, op) ? table[op] : undefined;
}

export const shapeRule = (domain: string, op: string): Rule | undefined => operatorIn(shapeRules, domain, op);
