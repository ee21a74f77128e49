import type { CostTotals } from '../../cost/count.js';
import { formatBytes, formatExact } from '../../report/format.js';
import { schemaFile } from './config-places.js';

/** A model that `init` found: its figures, or why there are none. */
export interface Found {
  readonly name: string;
  readonly totals: CostTotals | undefined;
  readonly input?: string | undefined;
  readonly problem?: string;
}

/** Room for small changes, so that a budget written today passes tomorrow. */
const headroom = 1.05;

/** The text of a config that explains itself. */
export const writeConfig = (found: readonly Found[]): string =>
  [
    `# yaml-language-server: $schema=./node_modules/convcost/${schemaFile}`,
    '# Budgets that `convcost check` holds networks against; docs/ci.md lists all that can be limited.',
    '#',
    '#   model:        files, globs (models/**/*.onnx), zoo: names, or layer tokens',
    '#   max:          the most of the whole network: macs, params, peakActivations, paramBytes, traffic ...',
    '#   perLayer:     the most of every single layer',
    '#   perFlavor:    the most of all layers of a kind: { standard: { macs: 100M } }',
    '#   layers:       the most of layers by name: { "head*": { macs: 2M } }',
    '#   maxIncrease:  how much may grow against the baseline; floor: growth that is noise',
    '#   level: warn   reports, and does not fail',
    '#   allowUnknown: [LSTM]   ops that may stay uncounted',
    '#',
    '# The baseline is .convcost/baseline.json, which `convcost check --update` writes and a team commits;',
    '# or a commit: `baseline: git:origin/main`.',
    '',
    'budgets:',
    ...found.flatMap(entry),
    '',
  ].join('\n');

function entry({ name, totals, input, problem }: Found): readonly string[] {
  if (!totals) return [`  # ${comment(name)} cannot be read: ${comment(problem ?? '')}`];
  const { macs, params, peakActivationBytes } = totals;
  const today = `${formatExact(macs)} macs, ${formatExact(params)} params, ${formatBytes(peakActivationBytes)} peak`;
  return [
    `  - model: ${yamlText(name)}   # today: ${today}`,
    ...(input === undefined ? [] : [`    input: ${yamlText(input)}`]),
    `    max: { macs: ${limit(macs, counts)}, params: ${limit(params, counts)}, peakActivations: ${limit(peakActivationBytes, bytes)} }`,
    '    maxIncrease: { macs: 2%, params: 2% }',
  ];
}

/** JSON is YAML; what is plain needs no quotes. */
const yamlText = (text: string): string =>
  /^[A-Za-z0-9][\w./-]*$/.test(text) && Number.isNaN(Number(text)) ? text : JSON.stringify(text);

const comment = (text: string): string => text.replace(/\s+/g, ' ');

type Units = readonly (readonly [scale: number, unit: string])[];

const counts: Units = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];
const bytes: Units = [
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
];

/** `597.18M`: a little above today's number. */
function limit(value: number, units: Units): string {
  const most = Math.ceil(value * headroom);
  const [scale, unit] = units.find(([least]) => most >= least) ?? [1, ''];
  return decimal(most / scale) + unit;
}

/** At most two decimals, upwards. */
const decimal = (value: number): string => String(Math.ceil(value * 100) / 100);
