import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConvcostError } from '../../errors.js';
import type { TensorInfo } from '../../model/layer.js';
import { elementCount } from '../../model/shape.js';
import { fillValues } from '../../tensor/fill.js';
import { type OnnxRuntime, type Session, type SessionOptions, sessionOptions, type Tensors } from './api.js';
import { loadOnnxRuntime } from './index.js';
import { type NodeTimes, readProfile } from './profile.js';
import { refusing } from './refusing.js';

/** A network in ONNX Runtime, all of it in one session, on seeded random inputs. */
export interface WholeModel {
  readonly notes: readonly string[];
  run(): Promise<void>;
  /** Runs it with the profiler, in a session of its own. */
  profile(options: ProfileOptions): Promise<readonly NodeTimes[]>;
  close(): Promise<void>;
}

export interface ProfileOptions {
  /** Milliseconds from a fixed moment. */
  readonly now: () => number;
  readonly leastRuns: number;
  /** Runs go on for so long: what disturbs a few of them does not move the medians. */
  readonly leastMs: number;
  /** Asked between runs; true stops at once. */
  readonly stopped: () => boolean;
}

const warmup = 3;
const mostRuns = 200;

/**
 * @param model the path of a model file, or its bytes
 * @throws ConvcostError `peer-missing`; `peer-refuses` where ONNX Runtime does not take the model
 */
export async function openWholeModel(
  model: string | Uint8Array,
  inputs: readonly TensorInfo[],
): Promise<WholeModel> {
  const ort = await loadOnnxRuntime();
  const session = await openSession(ort, model, sessionOptions);
  const feeds = feedsFor(ort, session, inputs);
  const run = async (): Promise<void> => {
    await session.run(feeds);
  };
  await refusing(run);
  return {
    notes: [
      `onnxruntime: version ${ort.env.versions?.node ?? 'unknown'}, one thread, the whole network in one session, every graph optimisation (level 'all'); times of layers are its profiler's, taken after the rounds`,
    ],
    run,
    async profile({ now, leastRuns, leastMs, stopped }) {
      const folder = await mkdtemp(join(tmpdir(), 'convcost-profile-'));
      try {
        const profiled = await openSession(ort, model, {
          ...sessionOptions,
          enableProfiling: true,
          profileFilePrefix: join(folder, 'profile'),
        });
        const start = now();
        const isEnough = (runs: number) =>
          runs >= leastRuns && (runs >= mostRuns || now() - start >= leastMs);
        for (let runs = -warmup; !isEnough(runs) && !stopped(); runs++) await profiled.run(feeds);
        profiled.endProfiling();
        await profiled.release();
        const [file] = await readdir(folder);
        return readProfile(await readFile(join(folder, file!), 'utf8'), warmup);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    close: () => session.release(),
  };
}

const openSession = (ort: OnnxRuntime, model: string | Uint8Array, options: SessionOptions) =>
  refusing(() => ort.InferenceSession.create(model, options));

/** Inputs of the network's shapes: floats are seeded random values, whole numbers are zeros. */
function feedsFor(ort: OnnxRuntime, { inputNames }: Session, inputs: readonly TensorInfo[]): Tensors {
  return Object.fromEntries(
    inputNames.map(name => {
      const input = inputs.find(each => each.name === name);
      const make = input && makers[input.dtype];
      if (!make) throw new ConvcostError('peer-input', { name, dtype: input?.dtype ?? 'unknown' });
      return [name, make(ort, input)];
    }),
  );
}

const makers: Readonly<Record<string, (ort: OnnxRuntime, input: TensorInfo) => Tensors[string]>> = {
  f32: (ort, { name, shape }) =>
    new ort.Tensor(
      'float32',
      fillValues({ type: 'fill', fill: 'random', seed: 1 }, name, elementCount(shape)),
      shape,
    ),
  i64: (ort, { shape }) => new ort.Tensor('int64', new BigInt64Array(elementCount(shape)), shape),
};
