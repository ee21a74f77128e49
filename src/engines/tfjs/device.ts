import type { Shape } from '../../model/shape.js';
import type { PreparedKernel } from '../engine.js';
import type { Tensor, TensorFlow } from './api.js';

/**
 * One backend of TensorFlow.js and the tensors that we keep on it. The library has one current backend in
 * a process: whoever works with it says first which one is meant.
 */
export class Device {
  readonly tf: TensorFlow;
  readonly #backend: string;
  readonly #kept = new Set<Tensor>();

  constructor(tf: TensorFlow, backend: string) {
    this.tf = tf;
    this.#backend = backend;
  }

  /** Makes this the current backend; at once, as it has been started before. */
  use(): void {
    if (this.tf.getBackend() !== this.#backend) void this.tf.setBackend(this.#backend);
  }

  /** A tensor on this backend, until it is dropped or the device is cleared. */
  keep(values: Float32Array, shape: Shape): Tensor {
    this.use();
    const tensor = this.tf.tensor(values, shape);
    this.#kept.add(tensor);
    return tensor;
  }

  drop(tensor: Tensor): void {
    this.#kept.delete(tensor);
    tensor.dispose();
  }

  clear(): void {
    this.use();
    for (const tensor of this.#kept) this.drop(tensor);
  }

  /** A kernel around `compute`, which makes a tensor of those that went in. */
  prepare(shapes: readonly Shape[], compute: (inputs: readonly Tensor[]) => Tensor): PreparedKernel {
    let inputs: readonly Tensor[] = [];
    return {
      run: (arrays, output) => {
        for (const tensor of inputs) this.drop(tensor);
        inputs = shapes.map((shape, index) => this.keep(Float32Array.from(arrays[index]!), shape));
        const result = compute(inputs);
        output.set(result.dataSync());
        result.dispose();
      },
      again: () => {
        this.use();
        compute(inputs).dispose();
      },
    };
  }
}
