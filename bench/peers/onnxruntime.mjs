import { onnxChain } from './onnx-model.mjs';

/**
 * ONNX Runtime behind the face that all peers share: `node` runs natively, `web` as WebAssembly. Load `node`
 * first: the web package replaces the backends of the other one.
 */
export async function onnxruntime(kind) {
  const ort = (await import(kind === 'web' ? 'onnxruntime-web' : 'onnxruntime-node')).default;
  if (kind === 'web') ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return {
    name: `onnxruntime-${kind}`,
    async prepare(layers, values) {
      const session = await ort.InferenceSession.create(onnxChain(layers, values), {
        executionProviders: [kind === 'web' ? 'wasm' : 'cpu'],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
      const [first, last] = [layers[0], layers.at(-1)];
      const x = new ort.Tensor('float32', transpose(values[0].input, first.size ** 2, first.inChannels), [
        1,
        first.inChannels,
        first.size,
        first.size,
      ]);
      const output = `y${layers.length - 1}`;
      return {
        run: async () => {
          await session.run({ x });
        },
        output: async () =>
          transpose((await session.run({ x }))[output].data, last.outChannels, last.output ** 2),
        release: () => session.release(),
      };
    },
  };
}

/** `[rows, columns]` to `[columns, rows]`: channels last to first, and back. */
function transpose(values, rows, columns) {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column];
  }
  return result;
}
