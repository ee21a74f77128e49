import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { specJsonSchema } from '../../src/spec/file-schema.js';
import { opNames } from '../../src/spec/ops.js';

const shipped = 'dist/spec.schema.json';

it.skipIf(!existsSync(shipped))('the JSON Schema of spec files that ships knows every layer kind', () => {
  const schema = JSON.parse(readFileSync(shipped, 'utf8'));
  expect(schema).toEqual(JSON.parse(JSON.stringify(specJsonSchema())));
  const [tokens, ...kinds] = schema.properties.layers.items.anyOf;
  expect(tokens.type).toBe('string');
  expect(kinds.map((kind: { properties: { op: { const: string } } }) => kind.properties.op.const)).toEqual(
    opNames,
  );
  expect(schema.additionalProperties).toBe(false);
});
