import { createWasmEngine } from '../convcost.mjs';

/** convcost's wasm engine. A new engine for each chain, so that nothing of another one lies in its memory. */
export const convcost = (name, { fuse = false, ...options } = {}) => ({
  name,
  async prepare(layers, values) {
    const engine = await createWasmEngine({ threads: 1, ...options });
    const steps = fuse ? fusePairs(layers, values) : layers.map((layer, at) => step([layer], [values[at]]));
    const floats = layers.map(({ output, outChannels }) => output * output * outChannels);
    const input = engine.allocate(values[0].input.length);
    input.set(values[0].input);
    // Two arrays take turns: what a chain needs.
    const arrays = [0, 1].map(() => engine.allocate(Math.max(...floats)));
    const ready = steps.map(({ problem, weights, length }, at) => {
      const kernel = engine.kernels.find(({ supports }) => supports(problem));
      const prepared = kernel.prepare(problem, weights);
      const from = at === 0 ? input : arrays[(at + 1) % 2].subarray(0, steps[at - 1].length);
      const to = arrays[at % 2].subarray(0, length);
      return { kernel: prepared.kernel ?? kernel.name, run: () => prepared.run([from], to), to };
    });
    const run = () => {
      for (const one of ready) one.run();
    };
    return {
      kernels: ready.map(({ kernel }) => kernel),
      memoryBytes: () => engine.memoryBytes(),
      run,
      output() {
        run();
        return Float32Array.from(ready.at(-1).to);
      },
      release: () => engine.close(),
    };
  },
});

const step = (layers, values) => {
  const last = layers.at(-1);
  const [depthwise, pointwise] = layers.map(({ problem }) => problem);
  return {
    problem: pointwise ? { kind: 'separable', depthwise, pointwise } : depthwise,
    weights: values.flatMap(({ weights, bias }) => [weights, bias]),
    length: last.output * last.output * last.outChannels,
  };
};

/** Each depthwise layer with the pointwise one after it. */
function fusePairs(layers, values) {
  const steps = [];
  for (let at = 0; at < layers.length; at++) {
    const count = layers[at].kind === 'dw' && layers[at + 1]?.kind === 'pw' ? 2 : 1;
    steps.push(step(layers.slice(at, at + count), values.slice(at, at + count)));
    at += count - 1;
  }
  return steps;
}
