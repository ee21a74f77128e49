import { afterAll, describe, expect, it } from 'vitest';
import { ownEngines } from '../../src/engines/index.js';
import { createReferenceEngine } from '../../src/engines/reference/index.js';
import { ConvcostError, type ErrorCode } from '../../src/errors.js';
import { expectOutput } from './expect-output.js';
import { conformanceCases, type FixtureRequest } from './fixtures.js';
import { runFixture } from './run-fixture.js';

const { fixtures, refusals, skipped } = conformanceCases();
if (skipped !== undefined) console.warn(skipped);

const byId = <Case extends FixtureRequest>(cases: readonly Case[]) =>
  cases.map(fixture => [fixture.id, fixture] as const);

describe.runIf(skipped === undefined)('the conformance set', () => {
  it('is whole', () => {
    expect([fixtures.length, refusals.length]).toEqual([617, 43]);
    expect(new Set(fixtures.map(({ id }) => id)).size).toBe(617);
  });
});

it('fails where CONVCOST_VECTORS names a folder that is not there', () => {
  expect(() => conformanceCases('no-such-folder')).toThrow(/ENOENT/);
});

describe.each(Object.entries(ownEngines))('%s engine', async (_, { create }) => {
  const engine = await create();
  afterAll(() => engine.close());

  it.each(byId(fixtures))('%s', async (_, fixture) => {
    const run = await runFixture(engine, fixture);
    expectOutput(fixture, run);
    expect(run.cost.totals).toMatchObject({ macs: fixture.macs, macsInBounds: fixture.macsInBounds });
  });
});

describe('requests that must be refused', () => {
  /** A request is refused for its sizes or values, never for how it is written down. */
  const reasons: readonly ErrorCode[] = [
    'not-positive',
    'not-whole',
    'wrong-axis-count',
    'wrong-rank',
    'empty-output',
    'channels-not-divisible',
    'output-padding-too-large',
    'bad-data-layout',
    'wrong-value-shape',
    'wrong-value-count',
  ];

  it.each(byId(refusals))('%s', async (_, refusal) => {
    const error = await runFixture(createReferenceEngine(), refusal).catch(error => error);
    expect(error, refusal.why).toBeInstanceOf(ConvcostError);
    expect(reasons, refusal.why).toContain(error.code);
  });
});

describe('the multiplications that the reference loops do', () => {
  /** Larger cases tell nothing new, and take seconds. */
  const small = fixtures.filter(({ macs }) => macs < 3e5);

  it.each(byId(small))('%s', async (_, fixture) => {
    const dense = await runFixture(createReferenceEngine('multiply'), fixture);
    const inBounds = await runFixture(createReferenceEngine('skip'), fixture);
    expect([dense.multiplies, inBounds.multiplies]).toEqual([fixture.macs, fixture.macsInBounds]);
    expect(dense.values).toEqual(inBounds.values);
  });
});
