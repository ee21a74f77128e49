import { type Assertion, excessOf } from '../../budget/assertion.js';
import type { ModelCheck } from '../../budget/check.js';
import { type Metric, metricUnit } from '../../budget/metric.js';
import { type Finding, findingsOf, remarksOf, summaryText } from '../check/findings.js';
import { limitName } from '../check/words.js';
import { type ItemColumn, sheetOfItems } from '../columns.js';
import type { Block, Cell, Document, Tone } from '../document.js';
import { formatBytes, formatCount, formatPercent } from '../format.js';
import type { CheckReport } from '../report.js';

/** Every limit in a row, then what is wrong and how to mend it. */
export function checkDocument(report: CheckReport): Document {
  const { models } = report.result;
  const remarks = remarksOf(report);
  return {
    blocks: [
      { type: 'heading', text: summaryText(report) },
      ...(models.length > 0 ? [limitSheet(models)] : []),
      ...findingsOf(report).map(findingBlock),
      ...(remarks.length > 0 ? [{ type: 'text', lines: remarks } as const] : []),
    ],
  };
}

interface LimitRow {
  readonly model: ModelCheck;
  /** Absent: nothing limits the network. */
  readonly assertion: Assertion | undefined;
}

const columns: readonly ItemColumn<LimitRow>[] = [
  { key: 'result', title: '', align: 'left', priority: 0, cell: row => resultCell(row) },
  {
    key: 'model',
    title: 'model',
    align: 'left',
    priority: 0,
    cell: ({ model }) => ({ text: model.key, value: model.key }),
  },
  {
    key: 'limit',
    title: 'limit of',
    align: 'left',
    priority: 0,
    cell: ({ assertion }) => ({ text: assertion ? limitName(assertion) : 'nothing' }),
  },
  {
    key: 'actual',
    title: 'is',
    align: 'right',
    priority: 0,
    cell: ({ model, assertion }) =>
      assertion ? amount(assertion.actual, assertion.metric) : amount(model.snapshot.totals.macs, 'macs'),
  },
  {
    key: 'most',
    title: 'limit',
    align: 'right',
    priority: 1,
    cell: ({ assertion }) => (assertion ? amount(assertion.most, assertion.metric) : { text: '' }),
  },
  {
    key: 'used',
    title: 'of limit',
    align: 'right',
    priority: 2,
    cell: ({ assertion }) => (assertion ? usedCell(assertion) : { text: '' }),
  },
  {
    key: 'change',
    title: 'change',
    align: 'right',
    priority: 3,
    cell: ({ model, assertion }) =>
      // The change of the network says nothing of one layer.
      assertion === undefined || ofNetwork.includes(assertion.of)
        ? changeCell(model, assertion?.metric ?? 'macs')
        : { text: '' },
  },
];

const ofNetwork: readonly Assertion['of'][] = ['network', 'growth'];

const limitSheet = (models: readonly ModelCheck[]): Block => ({
  type: 'sheet',
  sheet: sheetOfItems(
    columns,
    models.flatMap((model): LimitRow[] =>
      model.assertions.length === 0
        ? [{ model, assertion: undefined }]
        : model.assertions.map(assertion => ({ model, assertion })),
    ),
  ),
});

const results = {
  ok: { text: 'ok', tone: 'good' },
  error: { text: 'OVER', tone: 'bad' },
  warn: { text: 'over', tone: 'warn' },
  incomplete: { text: '?', tone: 'warn' },
  free: { text: '-', tone: 'dim' },
} as const satisfies Record<string, Cell>;

function resultCell({ model, assertion }: LimitRow): Cell {
  if (assertion && !assertion.passed) return results[assertion.level];
  if (model.unknown.length > 0) return results.incomplete;
  return assertion ? results.ok : results.free;
}

const amount = (value: number, metric: Metric): Cell => ({
  text: metricUnit(metric) === 'bytes' ? formatBytes(value) : formatCount(value),
  value,
});

const usedCell = (assertion: Assertion): Cell => {
  const excess = excessOf(assertion);
  if (!Number.isFinite(excess)) return { text: '', value: null };
  return { text: formatPercent(1 + excess), value: 1 + excess };
};

function changeCell({ diff }: ModelCheck, metric: Metric): Cell {
  if (!diff) return { text: '' };
  const change = diff.after[metric] - diff.before[metric];
  if (change === 0) return { text: '=', tone: 'dim', value: 0 };
  const { text } = amount(Math.abs(change), metric);
  return { text: `${change > 0 ? '+' : '-'}${text}`, value: change, tone: change > 0 ? 'bad' : 'good' };
}

const tones: Readonly<Record<Finding['severity'], Tone>> = { error: 'bad', warn: 'warn', incomplete: 'warn' };

const findingBlock = ({ severity, model, title, causes, advice }: Finding): Block => ({
  type: 'text',
  lines: [
    model === undefined ? title : `${model}: ${title}`,
    ...[...causes, ...advice].map(line => `  ${line}`),
  ],
  tone: tones[severity],
});
