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

/** A model file in ONNX Runtime, all of it in one session, on seeded random inputs. */
export interface WholeModel {
  readonly name: string;
  readonly notes: readonly string[];
  run(): Promise<void>;
  /** Runs it with the profiler, in a session of its own, until so many runs counted or it is told to stop. */
  profile(runs: number, stopped: () => boolean): Promise<readonly NodeTimes[]>;
  close(): Promise<void>;
}

const warmup = 3;

/**
 * @param model the path of a file, or its bytes
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
    name: 'onnxruntime',
    notes: [
      `onnxruntime: version ${ort.env.versions?.node ?? 'unknown'}, one thread, the whole file in one session, every graph optimisation (level 'all'); layers from its profiler`,
    ],
    run,
    async profile(runs, stopped) {
      const folder = await mkdtemp(join(tmpdir(), 'convcost-profile-'));
      try {
        const profiled = await openSession(ort, model, {
          ...sessionOptions,
          enableProfiling: true,
          profileFilePrefix: join(folder, 'profile'),
        });
        for (let turn = -warmup; turn < runs && !stopped(); turn++) await profiled.run(feeds);
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

/** What ONNX Runtime says against a model, as an error of ours. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.slice(0, 300);
    throw new ConvcostError('peer-refuses', { engine: 'onnxruntime', reason });
  }
}
