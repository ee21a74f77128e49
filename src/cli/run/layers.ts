import { countNetwork } from '../../cost/count.js';
import type { Engine } from '../../engines/engine.js';
import { runnableParts } from '../../engines/isolate.js';
import type { Step } from '../../engines/plan.js';
import { createReferenceEngine } from '../../engines/reference/index.js';
import type { Network } from '../../model/network.js';
import type { LayerRun } from '../../report/report.js';
import type { ReadArray } from '../../tensor/load.js';
import type { MeasureOptions } from '../../timing/measure.js';
import { type TimedStep, timeNetwork } from '../../timing/time-network.js';

export interface RunLayersOptions {
  readonly clock: MeasureOptions;
  readonly fuse: boolean;
  readonly readArray: ReadArray;
  /** Whether to hold every layer against the reference; absent: where that is quick. */
  readonly verify: boolean | undefined;
  readonly onLayer?: (done: number, total: number) => void;
}

/** Up to so many macs the reference takes well under a second: outputs are verified unasked. */
const quickMacs = 50_000_000;

/** Runs a network whole, or where it has layers that no engine knows the others one by one, on the clock. */
export async function runLayers(
  network: Network,
  engine: Engine,
  options: RunLayersOptions,
): Promise<readonly LayerRun[]> {
  const { totals, layers } = countNetwork(network);
  const macsOf = new Map(layers.map(({ layer, macs }) => [layer.name, macs]));
  const isPlain = engine.name === 'reference' && !options.fuse;
  const verify = options.verify ?? (!isPlain && totals.macs <= quickMacs);
  const parts = runnableParts(network);
  const runs: LayerRun[] = [];
  for (const part of parts) {
    const execution = {
      ...options,
      data: part.data,
      reference: verify ? createReferenceEngine() : undefined,
    };
    for await (const timed of timeNetwork(part, engine, execution)) {
      runs.push(toLayerRun(timed, macsOf));
      options.onLayer?.(runs.length, parts.length > 1 ? parts.length : network.layers.length);
    }
  }
  return runs;
}

const toLayerRun = (
  { step, kernel, output, prepared, timing, difference }: TimedStep,
  macsOf: ReadonlyMap<string, number>,
): LayerRun => ({
  name: stepName(step),
  layers: step.layers,
  kernel,
  macs: step.layers.reduce((sum, { name }) => sum + (macsOf.get(name) ?? 0), 0),
  // An engine may use the memory again: what the report shows is its own.
  output: { shape: step.outputShape, values: Float32Array.from(output) },
  timing,
  multiplies: prepared.multiplies?.(),
  agreement: difference && { ...difference, reference: 'the reference engine, the whole way from the input' },
});

/** A step is called by its convolutions and dense layers; activations that run with them go unnamed. */
function stepName({ layers }: Step): string {
  const counted = layers.filter(({ kind }) => kind !== 'free');
  return (counted.length > 0 ? counted : layers).map(({ name }) => name).join(' + ');
}
