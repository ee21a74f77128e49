import { expect, it } from 'vitest';
import { coverageLine } from '../../src/report/views/cost.js';

it('the coverage line gives each reason once, with all operators that it holds for', () => {
  const unknown = [
    { op: 'MatMul', count: 2, reason: 'the shape depends on a' },
    { op: 'Warp', count: 1, reason: 'the operator is not known' },
    { op: 'Conv', count: 1, reason: 'the shape depends on a' },
  ];
  expect(coverageLine({ kind: 'lower-bound', counted: 0, free: 6, unknown })).toBe(
    'coverage: 0 layers counted, 6 free by convention, LOWER BOUND, 4 layers unknown: ' +
      'MatMul x2, Conv x1 (the shape depends on a), Warp x1 (the operator is not known)',
  );
});
