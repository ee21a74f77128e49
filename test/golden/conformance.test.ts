import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { noOverrides, readModel, sourceFromBytes } from '../../src/formats/index.js';

/** The single-node models of the ONNX backend test suite, with their shapes, params and macs. */
interface Fixture {
  readonly file: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly params: number;
  readonly macs: number;
}

const vectors = process.env['CONVCOST_VECTORS'] ?? new URL('../../../shared/conformance', import.meta.url).pathname;
const list = join(vectors, 'onnx-models.json');

describe.skipIf(!existsSync(list))(`the ONNX backend models in ${vectors} (CONVCOST_VECTORS)`, () => {
  const fixtures = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as readonly Fixture[]) : [];

  it('are 30', () => {
    expect(fixtures).toHaveLength(30);
  });

  it.each(fixtures)('$file', async ({ file, inputShape, outputShape, params, macs }) => {
    const source = sourceFromBytes(readFileSync(join(vectors, file)));
    const { layers, totals, coverage } = countNetwork(
      await readModel(source, { name: file, source: file, inputs: noOverrides }),
    );
    const [first] = layers;
    expect(coverage).toMatchObject({ kind: 'complete', counted: 1 });
    expect(first?.layer.inputs[0]?.shape).toEqual(inputShape);
    expect(first?.layer.outputs[0]?.shape).toEqual(outputShape);
    expect({ params: totals.params, macs: totals.macs }).toEqual({ params, macs });
  });
});
