import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);

/** TensorFlow.js on its wasm backend (XNNPACK) or its plain one. The backend is global: set before every run. */
export async function tfjs(kind) {
  const tf = require('@tensorflow/tfjs-core');
  const backend = require(`@tensorflow/tfjs-backend-${kind}`);
  if (kind === 'wasm') {
    backend.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  await tf.setBackend(kind);
  await tf.ready();
  return {
    name: `tfjs-${kind}`,
    isSlow: kind === 'cpu',
    async prepare(layers, values) {
      tf.setBackend(kind);
      const [{ size, inChannels }] = layers;
      const x = tf.tensor4d(values[0].input, [1, size, size, inChannels]);
      const steps = layers.map((layer, at) => ({
        convolve: layer.kind === 'dw' ? tf.fused.depthwiseConv2d : tf.fused.conv2d,
        options: {
          filter: filterOf(tf, layer, values[at].weights),
          bias: tf.tensor1d(values[at].bias),
          strides: [layer.stride, layer.stride],
          pad: 'same',
          activation: 'relu',
        },
      }));
      const chain = () => {
        if (tf.getBackend() !== kind) tf.setBackend(kind);
        let current = x;
        for (const { convolve, options } of steps) {
          const next = convolve({ x: current, ...options });
          if (current !== x) current.dispose();
          current = next;
        }
        return current;
      };
      return {
        run: () => chain().dispose(),
        output() {
          const result = chain();
          const data = Float32Array.from(result.dataSync());
          result.dispose();
          return data;
        },
        release() {
          x.dispose();
          for (const { options } of steps) {
            options.filter.dispose();
            options.bias.dispose();
          }
        },
      };
    },
  };
}

/** `[outChannels, inChannels / groups, kernel, kernel]` to `[kernel, kernel, inChannels, outChannels or 1]`. */
function filterOf(tf, { kind, kernel, inChannels, outChannels, groups }, weights) {
  const stored = tf.tensor4d(weights, [outChannels, inChannels / groups, kernel, kernel]);
  const filter = tf.transpose(stored, kind === 'dw' ? [2, 3, 0, 1] : [2, 3, 1, 0]);
  stored.dispose();
  return filter;
}
