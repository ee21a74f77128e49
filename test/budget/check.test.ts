import { describe, expect, it } from 'vitest';
import { baselineOf, formatBaseline, parseBaseline, updateBaseline } from '../../src/budget/baseline.js';
import type { Budget, Limit } from '../../src/budget/budget.js';
import { causeOf } from '../../src/budget/cause.js';
import { checkBudgets, failuresOf, verdictOf } from '../../src/budget/check.js';
import { snapshotOf } from '../../src/budget/snapshot.js';
import { countNetwork, type NetworkCost } from '../../src/cost/count.js';
import type { Network } from '../../src/model/network.js';
import { aNetwork } from '../builders.js';

const aBudget = (budget: Partial<Budget> = {}): Budget => ({
  name: 'b',
  level: 'error',
  limits: [],
  growth: [],
  allowUnknown: [],
  place: undefined,
  ...budget,
});

const aLimit = (limit: Partial<Limit> = {}): Limit =>
  ({ of: 'network', metric: 'macs', most: 1000, written: '1k', place: undefined, ...limit }) as Limit;

/** 18,432 macs in conv1, 4,608 in dw1, 2,048 in pw1; 288 + 72 + 32 params. */
const tokens = '@8x8x4 conv3x3 8 dw3x3 pw 4';
const costOf = (text: string): NetworkCost => countNetwork(aNetwork(text));

const against = (budget: Budget, cost = costOf(tokens), before?: string) =>
  checkBudgets([{ key: 'net', cost, budgets: [budget] }], {
    baseline:
      before === undefined
        ? undefined
        : baselineOf('b.json', [{ key: 'net', snapshot: snapshotOf(costOf(before), 'costly') }], false),
    accepted: undefined,
    missed: [],
    isWhole: true,
    notes: [],
  });

/** A network with an op that nothing understands. */
function withUnknown(op: string): NetworkCost {
  const network: Network = aNetwork(tokens);
  const unknown = {
    kind: 'unknown',
    name: 'x',
    op,
    reason: 'no rule',
    inputs: [],
    outputs: [],
    params: [],
  } as const;
  return countNetwork({ ...network, layers: [...network.layers, unknown] });
}

describe('limits', () => {
  it.each<[Partial<Limit>, number, string | undefined]>([
    // limit, actual, subject
    [{ of: 'network', metric: 'macs' }, 25_088, undefined],
    [{ of: 'network', metric: 'params' }, 392, undefined],
    [{ of: 'flavor', flavor: 'depthwise' }, 4608, 'depthwise'],
    [{ of: 'flavor', flavor: 'transposed' }, 0, 'transposed'],
    [{ of: 'layers', pattern: 'pw*' }, 2048, 'pw1'],
    [{ of: 'each-layer', most: 20_000 }, 18_432, 'conv1'],
  ])('%o is held against its own number', (limit, actual, subject) => {
    const [assertion, ...others] = against(aBudget({ limits: [aLimit(limit)] })).models[0]!.assertions;
    expect(others).toEqual([]);
    expect(assertion).toMatchObject({ actual, subject });
  });

  it('a limit is kept by the number itself, and passed by one more', () => {
    const at = (most: number) =>
      against(aBudget({ limits: [aLimit({ most })] })).models[0]!.assertions[0]!.passed;
    expect([at(25_088), at(25_087)]).toEqual([true, false]);
  });

  it('every layer that is over is told, the largest first', () => {
    const { models } = against(aBudget({ limits: [aLimit({ of: 'each-layer', most: 4000 })] }));
    expect(models[0]!.assertions.map(({ subject }) => subject)).toEqual(['conv1', 'dw1']);
  });

  it('a pattern that names no layer is missed, and fails', () => {
    const result = against(aBudget({ limits: [aLimit({ of: 'layers', pattern: 'head*' })] }));
    expect(result.missed).toMatchObject([{ kind: 'layer', what: 'head*' }]);
    expect(verdictOf(result)).toBe('failed');
  });

  it('worst first: relative to the limit, errors before warnings', () => {
    const limits = [
      aLimit({ metric: 'params', most: 391 }),
      aLimit({ most: 1000 }),
      aLimit({ metric: 'biasAdds', most: 0 }),
    ];
    expect(failuresOf(against(aBudget({ limits }))).map(({ assertion }) => assertion.metric)).toEqual([
      'macs',
      'params',
    ]);
  });
});

describe('growth', () => {
  const growth = (written: number, floor = 0): Budget['growth'] => [
    {
      metric: 'macs',
      increase: { kind: 'share', share: written },
      floor,
      written: `${written * 100}%`,
      place: undefined,
    },
  ];
  const wider = '@8x8x4 conv3x3 8 dw3x3 pw 5'; // 512 macs more

  it.each<[number, number, boolean]>([
    // share, floor, passed: 512 of 25,088 are 2.04 %
    [0.02, 0, false],
    [0.03, 0, true],
    [0, 511, false],
    [0, 512, true],
  ])('%f with a floor of %i', (share, floor, passed) => {
    const result = against(aBudget({ growth: growth(share, floor) }), costOf(wider), tokens);
    expect(result.models[0]!.assertions[0]!.passed).toBe(passed);
  });

  it('names the layers that grew', () => {
    const result = against(aBudget({ growth: growth(0) }), costOf('@8x8x4 conv3x3 8 conv3x3 8 pw 4'), tokens);
    const [failure] = failuresOf(result);
    expect(causeOf(failure!)).toMatchObject({
      kind: 'grown',
      layers: [{ name: 'conv2', before: { form: 'depthwise 3x3 8' }, after: { form: 'standard 3x3 8-8' } }],
    });
  });

  it('new and removed networks are told, and fail nothing', () => {
    const result = checkBudgets(
      [{ key: 'new', cost: costOf(tokens), budgets: [aBudget({ growth: growth(0) })] }],
      {
        baseline: baselineOf(
          'b.json',
          [{ key: 'old', snapshot: snapshotOf(costOf(tokens), 'costly') }],
          false,
        ),
        accepted: undefined,
        missed: [],
        isWhole: true,
        notes: [],
      },
    );
    expect(result).toMatchObject({ added: ['new'], removed: ['old'] });
    expect(verdictOf(result)).toBe('passed');
  });
});

describe('the verdict', () => {
  it.each<[string, Partial<Budget>, NetworkCost, string]>([
    ['within', { limits: [aLimit({ most: 1e6 })] }, costOf(tokens), 'passed'],
    ['over', { limits: [aLimit()] }, costOf(tokens), 'failed'],
    ['over, but a warning', { limits: [aLimit()], level: 'warn' }, costOf(tokens), 'passed'],
    ['unknown op', {}, withUnknown('LSTM'), 'incomplete'],
    ['unknown op, allowed by name', { allowUnknown: ['LSTM'] }, withUnknown('LSTM'), 'passed'],
    ['unknown op, another allowed', { allowUnknown: ['GRU'] }, withUnknown('LSTM'), 'incomplete'],
    ['a lower bound that is over already', { limits: [aLimit()] }, withUnknown('LSTM'), 'failed'],
  ])('%s', (_, budget, cost, verdict) => {
    expect(verdictOf(against(aBudget(budget), cost))).toBe(verdict);
  });
});

describe('the committed baseline', () => {
  const models = new Map([
    ['b', snapshotOf(costOf(tokens), 'costly')],
    ['a "quoted"\n__proto__', snapshotOf(costOf('@8x8x4 relu'), 'costly')],
  ]);

  it('comes back as it was written', () => {
    expect(parseBaseline(formatBaseline(models), 'b.json').models).toEqual(models);
  });

  it('has its models sorted, and one line a layer', () => {
    const text = formatBaseline(new Map([...models].reverse()));
    expect(text).toBe(formatBaseline(models));
    expect(text.split('\n').filter(line => line.includes('"form"'))).toHaveLength(3);
    expect(JSON.parse(text)).toMatchObject({ schemaVersion: 1 });
  });

  it.each([
    ['not JSON', '{'],
    ['another version', '{"schemaVersion": 99, "models": {}}'],
    ['no version', '[]'],
    [
      'numbers that are none',
      '{"schemaVersion": 1, "models": {"a": {"totals": {"macs": "many"}, "layers": []}}}',
    ],
    ['negative numbers', formatBaseline(models).replace(/"macs": \d+/, '"macs": -1')],
    ['layers without names', formatBaseline(models).replace('"name": "conv1"', '"name": 1')],
  ])('%s is refused, with the command that writes it anew', (_, text) => {
    expect(() => parseBaseline(text, 'b.json')).toThrow(/"b\.json".*convcost check --update/s);
  });

  const updated = (after: string, onlyDown: boolean) => {
    const result = against(aBudget(), costOf(after));
    const before = baselineOf(
      'b.json',
      [{ key: 'net', snapshot: snapshotOf(costOf(tokens), 'costly') }],
      false,
    );
    const { models, heldBack } = updateBaseline(before, result, { onlyDown, isWhole: true });
    return [models.get('net')!.totals.macs, heldBack];
  };

  it.each<[string, string, boolean, [number, string[]]]>([
    ['takes what grew', '@8x8x4 conv3x3 8 dw3x3 pw 5', false, [25_600, []]],
    ['with --only-down leaves what grew', '@8x8x4 conv3x3 8 dw3x3 pw 5', true, [25_088, ['net']]],
    ['with --only-down takes what shrank', '@8x8x4 conv3x3 8 dw3x3 pw 3', true, [24_576, []]],
  ])('an update %s', (_, after, onlyDown, expected) => {
    expect(updated(after, onlyDown)).toEqual(expected);
  });
});
