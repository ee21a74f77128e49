import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricNames } from '../../src/budget/metric.js';
import { defaultConfigFile, schemaFile } from '../../src/cli/check/config-places.js';
import { configJsonSchema, configSchema } from '../../src/cli/config-schema.js';
import { parseYaml } from '../../src/spec/yaml-source.js';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema;
  readonly additionalProperties: unknown;
}

describe('the JSON Schema of configs', () => {
  const budget = (JSON.parse(JSON.stringify(configJsonSchema())) as Schema).properties['budgets']!.items;

  it('knows every metric, and refuses other keys', () => {
    expect(Object.keys(budget.properties['max']!.properties)).toEqual(metricNames);
    expect(budget.additionalProperties).toBe(false);
    expect(budget.properties['max']!.additionalProperties).toBe(false);
  });

  it.skipIf(!existsSync(schemaFile))('is what the package ships', () => {
    expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(configJsonSchema())),
    );
  });
});

it('every config that docs/ci.md shows is one', () => {
  const blocks = Array.from(
    readFileSync('docs/ci.md', 'utf8').matchAll(/^```yaml\n([^`]*?^budgets:[^`]*)^```$/gm),
    ([, text]) => text!,
  );
  expect(blocks.length).toBeGreaterThan(0);
  for (const text of blocks) {
    const { success, error } = configSchema.safeParse(parseYaml(text, defaultConfigFile).content);
    expect(error?.message).toBeUndefined();
    expect(success).toBe(true);
  }
});
