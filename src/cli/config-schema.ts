import { z } from 'zod';
import { layerMetricNames, metricNames, metrics } from '../budget/metric.js';
import { countedFlavors } from '../cost/count.js';

/**
 * The form of a config, for validation and as the JSON Schema that editors read. Numbers with units are
 * read by budget/quantity.ts, where their errors are told at their place.
 */

const quantity = (unit: 'count' | 'bytes', says: string) =>
  z
    .union([z.number(), z.string()])
    .describe(`${says}, in ${unit === 'bytes' ? 'bytes (6MiB, 600kB)' : 'numbers (600M, 4.3M)'}`);

const limits = (names: readonly (keyof typeof metrics)[], toldAs: string) =>
  z
    .strictObject(
      Object.fromEntries(
        names.map(name => [name, quantity(metrics[name].unit, metrics[name].says).optional()]),
      ),
    )
    .describe(toldAs);

const increase = z.union([z.number(), z.string()]);

const growth = z
  .strictObject({
    ...Object.fromEntries(
      metricNames.map(name => [
        name,
        increase.optional().describe(`2%, or an amount: ${metrics[name].says}`),
      ]),
    ),
    floor: increase.optional().describe('growth up to here is noise'),
  })
  .describe('how much a number may grow against the baseline; false: growth is reported, but never fails');

const level = z.enum(['error', 'warn']).describe('warn: reported, but exit code 0');
const patterns = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const budget = z.strictObject({
  name: z.string().min(1).optional().describe('how reports call this budget'),
  model: patterns.describe('model files, spec files, zoo: names or layer tokens; globs: models/**/*.onnx'),
  input: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .describe('input shape, as --input takes it: 224x224x3, or a shape per input name'),
  batch: z.int().min(1).optional().describe('images at once; 1 where absent'),
  from: z.string().min(1).optional().describe('how a text is written, where it does not show: as --from'),
  loose: z.boolean().optional().describe('of a text, read what can be read; the rest is unknown: as --loose'),
  level: level.optional(),
  max: limits(metricNames, 'the most of the whole network').optional(),
  maxIncrease: z.union([growth, z.literal(false)]).optional(),
  perLayer: limits(layerMetricNames, 'the most of every single layer').optional(),
  layers: z
    .record(z.string().min(1), limits(layerMetricNames, 'the most of the layers of this name'))
    .optional()
    .describe('limits of layers by name; * stands for any characters'),
  perFlavor: z
    .strictObject(
      Object.fromEntries(
        countedFlavors.map(flavor => [
          flavor,
          limits(layerMetricNames, `the most of all ${flavor} layers together`).optional(),
        ]),
      ),
    )
    .optional()
    .describe('limits of all layers of a kind together'),
  allowUnknown: patterns.optional().describe('ops that may stay uncounted, by name'),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  baseline: z
    .string()
    .min(1)
    .optional()
    .describe('a file (.convcost/baseline.json where absent), or a commit: git:origin/main'),
  budgets: z.array(budget).min(1).describe('limits, each for one or more models'),
});

export type WrittenConfig = z.infer<typeof configSchema>;
export type WrittenBudget = WrittenConfig['budgets'][number];

/** The JSON Schema that ships in the package. */
export const configJsonSchema = (): object => ({
  ...z.toJSONSchema(configSchema),
  title: 'convcost config',
});
