import { layoutName, turnShape } from '../../model/layout.js';
import { elementCount, type Shape } from '../../model/shape.js';
import { permute } from '../../tensor/permute.js';
import type { Kernel, PreparedKernel } from '../engine.js';
import { type OnnxRuntime, type Session, sessionOptions, type Tensors } from './api.js';
import { isExpressible, type ProblemModel, problemModel } from './problem-model.js';
import { refusing } from './refusing.js';
import { writeModel } from './write-model.js';

/** Any problem that ONNX has words for, as a session of its own. */
export const sessionKernel = (ort: OnnxRuntime, opened: Promise<Session>[]): Kernel => ({
  name: 'onnxruntime-session',
  supports: isExpressible,
  prepare(problem, weights) {
    const planned = problemModel(problem, weights);
    const session = refusing(() => ort.InferenceSession.create(writeModel(planned.model), sessionOptions));
    opened.push(session);
    return prepareSession(ort, session, planned);
  },
});

function prepareSession(
  ort: OnnxRuntime,
  opening: Promise<Session>,
  { model, inputs, output, order }: ProblemModel,
): PreparedKernel {
  const turns = order === 'feature-maps';
  const [result] = model.outputs;
  const values = new Float32Array(elementCount(result!.shape));
  const fetches: Tensors = { [result!.name]: new ort.Tensor('float32', values, result!.shape) };
  let feeds: Tensors = {};
  let session: Session | undefined;

  const again = async (): Promise<void> => {
    await session!.run(feeds, fetches);
  };
  return {
    ready: opening.then(open => {
      session = open;
    }),
    again,
    async run(arrays, target) {
      feeds = Object.fromEntries(
        model.inputs.map(({ name, shape }, index) => {
          const array = arrays[index]!;
          // A copy in either case: the session keeps what it is fed.
          const fed = turns ? toChannelsFirst(array, inputs[index]!) : Float32Array.from(array);
          return [name, new ort.Tensor('float32', fed, shape)];
        }),
      );
      await again();
      target.set(turns ? toChannelsLast(values, output) : values);
    },
  };
}

/** @param shape channels-last, as the values are */
function toChannelsFirst(values: Float32Array, shape: Shape): Float32Array {
  const [last, first] = layoutsOf(shape);
  return permute(values, shape, last, first);
}

/** @param shape channels-last, as the result will be */
function toChannelsLast(values: Float32Array, shape: Shape): Float32Array {
  const [last, first] = layoutsOf(shape);
  return permute(values, turnShape(shape, 'channels-last', 'channels-first'), first, last);
}

const layoutsOf = ({ length }: Shape): [last: string, first: string] => [
  layoutName('channels-last', length),
  layoutName('channels-first', length),
];
