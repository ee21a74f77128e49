import type { Network, ValueSource } from '../../model/network.js';

/** What the values of a run are, for the header: as written, or how they were made. */
export function valueNotes(network: Network): readonly string[] {
  const data = network.inputs.map(({ name, shape }) => {
    const source = network.data.get(name);
    return `${name} ${shape.join('x')}: ${source ? describe(source) : 'random values, seed 1'}`;
  });
  const weights = new Set(
    [...network.params.values()]
      .filter(({ shape }) => shape.length > 1)
      .map(({ values }) => describe(values)),
  );
  return [...data, ...(weights.size > 0 ? [`weights: ${[...weights].join('; ')}`] : [])];
}

function describe(source: ValueSource): string {
  switch (source.type) {
    case 'fill':
      if (source.fill !== 'random') return source.fill;
      return `random values${source.fanIn === undefined ? '' : ' (He-normal)'}, seed ${source.seed}`;
    case 'values':
      return source.says ?? 'values as written';
    case 'file':
      return `values of ${source.path}`;
    case 'payload':
      return "the file's own";
    case 'absent':
      return 'not in the file: random values (He-normal), seed 1';
  }
}
